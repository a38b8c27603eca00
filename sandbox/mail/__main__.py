"""`python -m sandbox.mail --port 8101 --smtp-port 1025 --imap-port 1143 --scanner-port 3310`."""

import argparse
import os
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from sandbox.faults import Faults, InvalidFault
from sandbox.http import Request, Response, Server, json_response
from sandbox.mail import imap, pages, scanner
from sandbox.mail.box import Box
from sandbox.mail.inboxes import Inboxes, NoSuchInbox
from sandbox.mail.smtp import KINDS, Sink, SmtpServer

HTML = "text/html; charset=utf-8"
NOT_FOUND = Response(404, b"not found")


class Application:
    """Control API and inbox on one port."""

    def __init__(self, box: Box, inboxes: Inboxes, faults: Faults, smtp: SmtpServer) -> None:
        self._box = box
        self._inboxes = inboxes
        self._faults = faults
        self._smtp = smtp
        self._routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._inbox,
            ("GET", "/control/health"): lambda _request: json_response({"ok": True}),
            ("GET", "/control/ledger"): lambda r: json_response(self._ledger(r.query)),
            ("GET", "/control/faults"): lambda _request: json_response(faults.listing()),
            ("POST", "/control/faults"): self._set_faults,
            ("DELETE", "/control/faults"): self._clear_faults,
            ("POST", "/control/reset"): self._reset,
            ("POST", "/control/incoming"): self._incoming,
            ("POST", "/control/renumber"): self._renumber,
            ("GET", "/control/inbox"): lambda r: json_response(self._inbox_of(r.query)),
        }

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        known = self._routes.get((request.method, request.path))
        if known is not None:
            return known(request)
        return self._message(request.path) if request.method == "GET" else NOT_FOUND

    def _inbox(self, _request: Request) -> Response:
        return Response(200, pages.inbox(self._box.all()), HTML)

    def _clear_faults(self, _request: Request) -> Response:
        self._faults.clear()
        return json_response({"faults": []})

    def _reset(self, _request: Request) -> Response:
        self._faults.clear()
        self._box.clear()
        self._inboxes.clear()
        return json_response({"ok": True})

    def _ledger(self, query: dict[str, str]) -> list[dict[str, object]]:
        entries = [arrived.entry() for arrived in self._box.all()]
        if "to" in query:
            entries = [entry for entry in entries if query["to"] in entry["to"]]
        return entries

    def _incoming(self, request: Request) -> Response:
        """Put the raw message of the body into the mailbox that the query names."""
        try:
            uid = self._inboxes.deliver(request.query.get("to", ""), request.body)
        except NoSuchInbox:
            return json_response({"error": "to must be an address"}, 400)
        return json_response({"uid": uid})

    def _renumber(self, request: Request) -> Response:
        try:
            self._inboxes.renumber(request.query.get("to", ""))
        except NoSuchInbox:
            return json_response({"error": "to must be an address"}, 400)
        return json_response({"ok": True})

    def _inbox_of(self, query: dict[str, str]) -> list[dict[str, object]]:
        if not self._inboxes.has(query.get("of", "")):
            return []
        stored = self._inboxes.all(query["of"])
        return [{"uid": one.uid, "seen": one.is_seen, "size": len(one.raw)} for one in stored]

    def _set_faults(self, request: Request) -> Response:
        try:
            faults = self._faults.add(request.json())
        except (InvalidFault, ValueError) as error:
            return json_response({"error": str(error)}, 400)
        for fault in faults:
            if fault.kind == "refuse_connection":
                threading.Thread(
                    target=self._smtp.refuse_for, args=[fault.seconds], daemon=True
                ).start()
        return json_response(self._faults.listing())

    def _message(self, path: str) -> Response:
        found = re.fullmatch(r"/messages/(\d{1,8})(?:/attachments/(\d{1,3})|/(raw))?", path)
        arrived = self._box.get(int(found[1])) if found else None
        if found is None or arrived is None:
            return NOT_FOUND
        if found[3]:
            return Response(200, arrived.raw, "message/rfc822")
        if found[2] is None:
            return Response(200, pages.message(arrived), HTML)
        attachments = arrived.attachments
        if int(found[2]) >= len(attachments):
            return NOT_FOUND
        _name, kind, content = attachments[int(found[2])]
        return Response(200, content, kind)


def main() -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="sandbox.mail", description=__doc__)
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--imap-port", type=int, default=0)
    parser.add_argument("--scanner-port", type=int, default=0)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("SANDBOX_DATA", "var/sandbox"))
    )
    arguments = parser.parse_args()
    box = Box(arguments.data / "mail")
    inboxes = Inboxes(arguments.data / "inboxes")
    faults = Faults(KINDS | imap.KINDS | scanner.KINDS)
    smtp = SmtpServer(Sink(box, inboxes, faults), arguments.smtp_port, host=arguments.host)
    smtp_port = smtp.start()
    mailboxes = imap.ImapServer(inboxes, faults, arguments.imap_port, host=arguments.host)
    imap_port = mailboxes.start()
    scanning = scanner.ScannerServer(faults, arguments.scanner_port, host=arguments.host)
    scanner_port = scanning.start()
    application = Application(box, inboxes, faults, smtp)
    server = Server(application, port=arguments.port, host=arguments.host)
    ports = f"{server.start()} SMTP {smtp_port} IMAP {imap_port} SCANNER {scanner_port}"
    print(f"LISTENING {ports}", flush=True)  # noqa: T201 - for its parent
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()
    smtp.stop()
    mailboxes.stop()
    scanning.stop()


if __name__ == "__main__":
    main()
