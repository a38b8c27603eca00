"""`python -m sandbox.archive --port 8104 --erp http://127.0.0.1:8100 --callback URL`.

The first line on stdout is `LISTENING <port>`.
"""

import argparse
import os
import re
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from sandbox.archive.pdf import page
from sandbox.archive.press import Press
from sandbox.archive.shelf import Shelf, is_over
from sandbox.faults import Faults, InvalidFault
from sandbox.http import ConnectionDropped, Request, Response, Server, json_response

KINDS = {
    "delay",
    "http_503_html",
    "refuse_connection",
    "drop",
    "truncated",
    "not_a_pdf",
    "html_page",
    "redirect",
    "wrong_invoice",
    "too_long",
    "lost",
}
PDF = "application/pdf"
_TOO_LONG = 21 * 1024 * 1024


class Archive:
    """Answers `/archive/<token>.pdf`, the control API, and a page for people."""

    def __init__(self, press: Press, faults: Faults, *, user: str, password: str) -> None:
        self.press = press
        self.faults = faults
        self._log_in = (user, password)
        self.asked = 0
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda _request: {
                "ok": True,
                "copies": press.shelf.count(),
                "faults": sorted(faults.kinds),
            },
            ("GET", "ledger"): lambda _request: {"delivered": press.delivered, "asked": self.asked},
            ("GET", "faults"): lambda _request: faults.listing(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "reset"): self._reset,
            ("POST", "print_run"): lambda request: press.print_run(request.json()),
            ("POST", "callback"): self._call_back,
        }

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.path.startswith("/control/"):
            name = request.path.removeprefix("/control/").strip("/")
            route = self._routes.get((request.method, name))
            if route is None:
                return json_response({"error": f"no {request.method} /control/{name}"}, 404)
            try:
                return json_response(route(request))
            except (InvalidFault, ValueError) as error:
                return json_response({"error": str(error)}, 400)
        found = re.fullmatch(r"/archive/([\w-]{1,200})\.pdf", request.path)
        if found and request.method == "GET":
            return self._copy(request, found[1])
        if request.path == "/":
            return Response(200, self._overview(), "text/html; charset=utf-8")
        return Response(404, b"not found")

    def _copy(self, request: Request, token: str) -> Response:
        self.asked += 1
        given = request.credentials or ("", "")
        if not all(
            secrets.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, self._log_in, strict=True)
        ):
            return Response(401, headers={"WWW-Authenticate": 'Basic realm="archive"'})
        copy = self.press.shelf.find(token)
        client = str(copy["client"]) if copy else ""
        if delay := self.faults.fires("delay", client=client):
            time.sleep(delay.seconds)
        if self._strikes("refuse_connection", client) or self._strikes("drop", client):
            raise ConnectionDropped
        if self._strikes("http_503_html", client):
            return Response(503, b"<html><body>busy</body></html>", "text/html")
        if self._strikes("redirect", client):
            return Response(302, headers={"Location": f"http://127.0.0.1:9/{token}"})
        if copy is None or self._strikes("lost", client):
            return Response(404, b"no such invoice")
        if is_over(copy, datetime.now(UTC).date()):
            return Response(410, b"no longer archived")
        return self._spoilt(copy)

    def _strikes(self, kind: str, client: str) -> bool:
        return self.faults.fires(kind, client=client) is not None

    def _spoilt(self, copy: dict[str, Any]) -> Response:
        """Answer with the copy, or with what a broken archive would answer."""
        client = str(copy["client"])
        owner = {"X-Invoice-Number": copy["number"]}
        if self._strikes("wrong_invoice", client):
            owner = {"X-Invoice-Number": "999999999999"}
        if self._strikes("html_page", client):
            return Response(200, b"<html><body>log in, please</body></html>", "text/html")
        if self._strikes("not_a_pdf", client):
            return Response(200, b"MZ\x90\x00 this is no PDF", PDF, owner)
        content = _drawn(copy)
        if self._strikes("truncated", client):
            content = content[: len(content) // 2]
        if self._strikes("too_long", client):
            content = content + b"\n" * _TOO_LONG + b"%%EOF\n"
        return Response(200, content, PDF, owner)

    def _add_faults(self, request: Request) -> Any:
        self.faults.add(request.json())
        return self.faults.listing()

    def _clear_faults(self, request: Request) -> Any:
        self.faults.clear(request.query.get("client", ""))
        return []

    def _reset(self, request: Request) -> Any:
        self.faults.clear()
        self.press.delivered.clear()
        self.asked = 0
        if request.json().get("first_day"):
            self.press.shelf.clear()
        return {"ok": True}

    def _call_back(self, request: Request) -> Any:
        wanted = request.json()
        self.press.callback = wanted.get("callback", self.press.callback)
        self.press.erp = wanted.get("erp", self.press.erp)
        return {"callback": self.press.callback, "erp": self.press.erp}

    def _overview(self) -> bytes:
        rows = "".join(
            f"<tr><td>{escape(str(one['client']))}</td><td>{one['status']}</td>"
            f"<td>{one.get('taken', '')}</td><td>{one.get('known', '')}</td>"
            f"<td>{one.get('rejected', '')}</td><td>{escape(str(one.get('fault', '')))}</td></tr>"
            for one in self.press.delivered[-50:]
        )
        return (
            "<!doctype html><title>Print company</title><h1>Print company and archive</h1>"
            f"<p>{self.press.shelf.count()} copies are archived.</p><table><tr><th>client<th>HTTP"
            f"<th>taken<th>known<th>rejected<th>fault</tr>{rows}</table>"
        ).encode()


def _drawn(copy: dict[str, Any]) -> bytes:
    due = date.fromisoformat(copy["due"])
    return page(
        [
            f"Invoice {copy['number']}",
            copy["name"] or "",
            "",
            f"Date: {copy['issued']}",
            f"Energy of the month before {copy['month']}",
            f"Amount: {copy['amount']} {copy['currency']}",
            f"Please pay until {due:%d.%m.%Y}.",
        ]
    )


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    environ = os.environ
    parser = argparse.ArgumentParser(prog="python -m sandbox.archive", description=__doc__)
    parser.add_argument("--port", type=int, default=8104, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--data", type=Path, default=Path(environ.get("SANDBOX_DATA", "var/sandbox"))
    )
    parser.add_argument("--erp", default=environ.get("SANDBOX_ERP_URL", "http://127.0.0.1:8100"))
    parser.add_argument("--callback", default="http://127.0.0.1:8000", help="base URL of the CRM")
    parser.add_argument("--user", default="archive", help="HTTP Basic of who fetches copies")
    parser.add_argument("--password", default="archive-secret")
    parser.add_argument("--callback-user", default="print")
    parser.add_argument("--callback-password", default="print-secret")
    arguments = parser.parse_args()
    press = Press(
        Shelf(arguments.data / "archive.sqlite"),
        erp=arguments.erp,
        callback=arguments.callback,
        user=arguments.callback_user,
        password=arguments.callback_password,
    )
    archive = Archive(press, Faults(KINDS), user=arguments.user, password=arguments.password)
    server = Server(archive, port=arguments.port, host=arguments.host)
    sys.stdout.write(f"LISTENING {server.start()}\n")
    sys.stdout.flush()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: stopped.set())
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
