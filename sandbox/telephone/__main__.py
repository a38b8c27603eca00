"""`python -m sandbox.telephone --port 8102`."""

import argparse
import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sandbox.faults import Faults, InvalidFault
from sandbox.http import Request, Response, Server, json_response
from sandbox.telephone import pages
from sandbox.telephone.calls import KINDS, InvalidCall, OrderRefused, Switchboard

HTML = "text/html; charset=utf-8"


class Application:
    """The CRM's orders, a control API, and a form for people."""

    def __init__(self, board: Switchboard, faults: Faults, erp: str) -> None:
        self._board = board
        self._faults = faults
        self._erp = erp

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        try:
            return self._answer(request)
        except OrderRefused as refusal:
            return json_response({"error": str(refusal)}, 403)
        except (InvalidFault, InvalidCall, ValueError) as error:
            return json_response({"error": str(error)}, 400)
        except KeyError:
            return json_response({"error": "no such call"}, 404)

    def _answer(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/"):
                return Response(200, pages.desk(self._board.calls(), self._people()), HTML)
            case ("POST", "/ring" | "/move"):
                return self._form(request.path, dict(parse_qsl(request.body.decode())))
            case ("POST", "/calls"):
                signature = request.headers.get("x-telephone-signature", "")
                return json_response(self._board.order(request.body, signature), 202)
            case ("POST", "/control/calls"):
                return json_response(self._board.place(request.json()), 201)
            case ("POST", path) if path.startswith("/control/calls/"):
                _, _, call_id, state = path.rsplit("/", 3)
                to = request.json() if request.body else None
                return json_response(self._board.move(call_id, state, to))
            case _:
                return self._control(request)

    def _form(self, path: str, wanted: dict[str, str]) -> Response:
        """Do what a person has asked for on the page."""
        if path == "/ring":
            self._board.place(wanted)
        else:
            call_id, state = wanted.pop("call_id"), wanted.pop("state")
            self._board.move(call_id, state, wanted)
        return Response(303, headers={"Location": "/"})

    def _control(self, request: Request) -> Response:
        known: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "/control/health"): lambda _request: {"ok": True},
            ("GET", "/control/ledger"): lambda _request: self._board.ledger(),
            ("GET", "/control/faults"): lambda _request: self._faults.listing(),
            ("POST", "/control/faults"): self._set_faults,
            ("DELETE", "/control/faults"): lambda _request: self._faults.clear(),
            ("POST", "/control/callback"): self._set_callback,
            ("POST", "/control/reset"): self._reset,
        }
        answer = known.get((request.method, request.path))
        return json_response(answer(request)) if answer else Response(404, b"not found")

    def _set_faults(self, request: Request) -> Any:
        self._faults.add(request.json())
        return self._faults.listing()

    def _set_callback(self, request: Request) -> Any:
        self._board.callback = str(request.json()["url"]).rstrip("/")
        return {"callback": self._board.callback}

    def _reset(self, _request: Request) -> Any:
        self._faults.clear()
        self._board.reset()
        return {"ok": True}

    def _people(self) -> list[dict[str, str]]:
        """Ask the sandbox ERP for its memorable customers; without it the form has no list."""
        try:
            address = f"{self._erp}/control/people?client=unified"
            with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310
                people = json.load(answer)
        except (OSError, ValueError):
            return []
        return [
            {"name": person["name"], "phone": line}
            for person in people.get("unified", [])
            for line in person["communication"]
            if line.startswith("+")
        ]


def main() -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="sandbox.telephone", description=__doc__)
    parser.add_argument("--port", type=int, default=8102)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--callback", default=f"http://127.0.0.1:{os.environ.get('WEB_PORT', '8000')}"
    )
    parser.add_argument("--secret", default=os.environ.get("TELEPHONE_WEBHOOK_SECRET", ""))
    parser.add_argument("--erp", default=os.environ.get("SANDBOX_ERP_URL", ""))
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("SANDBOX_DATA", "var/sandbox"))
    )
    arguments = parser.parse_args()
    faults = Faults(KINDS)
    board = Switchboard(
        callback=arguments.callback,
        secret=arguments.secret,
        faults=faults,
        ledger=arguments.data / "telephone.jsonl",
    )
    application = Application(board, faults, arguments.erp)
    server = Server(application, port=arguments.port, host=arguments.host)
    print(f"LISTENING {server.start()}", flush=True)  # noqa: T201 - for its parent
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
