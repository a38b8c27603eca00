"""The IMAP side: as much of IMAP4rev1 (RFC 3501) as a program needs that fetches new mail."""

import re
import shlex
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.faults import Faults
from sandbox.mail.inboxes import Inboxes, NoSuchInbox, Stored

KINDS = {
    "imap_delay",
    "imap_refuse_login",
    "imap_drop_before_fetch",
    "imap_drop_after_fetch",
    "imap_lie_about_size",
}
"""`imap_drop_after_fetch` gives the message and breaks the line before it can be flagged."""

PASSWORD = "mail-secret"  # noqa: S105 - the sandbox guards nothing
_PARTIAL = re.compile(r"BODY(?:\.PEEK)?\[(HEADER)?\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)


class _Dropped(Exception):
    """The line is broken on purpose."""


class _Session(socketserver.StreamRequestHandler):
    timeout = 60
    server: "_Listener"

    def handle(self) -> None:
        self._address = ""
        self._messages: list[Stored] = []
        self._say("* OK IMAP4rev1 stand-in")
        try:
            while line := self.rfile.readline(8192):
                if not self._answer(line.decode("utf-8", "replace").strip()):
                    return
        except (_Dropped, OSError):
            self.connection.close()

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _answer(self, line: str) -> bool:
        """Answer one line; False ends the session."""
        tag, _, rest = line.partition(" ")
        name, _, arguments = rest.partition(" ")
        if name.upper() == "UID":
            sub, _, arguments = arguments.partition(" ")
            name = f"UID {sub}"
        commands: dict[str, Callable[[str], str]] = {
            "CAPABILITY": self._capability,
            "NOOP": lambda _arguments: "OK done",
            "LOGIN": self._login,
            "SELECT": self._select,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "UID STORE": self._store,
        }
        if name.upper() == "LOGOUT":
            self._say("* BYE for now")
            self._say(f"{tag} OK done")
            return False
        known = commands.get(name.upper())
        said = known(arguments) if known else "BAD unknown command"
        self._say(f"{tag} {said}")
        return True

    def _capability(self, _arguments: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, arguments: str) -> str:
        words = shlex.split(arguments)
        if len(words) != 2 or words[1] != PASSWORD:
            return "NO [AUTHENTICATIONFAILED] wrong name or password"
        if self.server.faults.fires("imap_refuse_login"):
            return "NO [UNAVAILABLE] try again later"
        try:
            self.server.inboxes.validity(words[0])
        except NoSuchInbox:
            return "NO [AUTHENTICATIONFAILED] no such mailbox"
        self._address = words[0]
        return "OK done"

    def _select(self, arguments: str) -> str:
        if not self._address or arguments.strip('"').upper() != "INBOX":
            return "NO [NONEXISTENT] no such folder"
        self._messages = self.server.inboxes.all(self._address)
        self._say(f"* {len(self._messages)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.server.inboxes.validity(self._address)}] valid")
        return "OK [READ-WRITE] selected"

    def _search(self, arguments: str) -> str:
        chosen = [one for one in self._messages if self._fits(one, arguments)]
        self._say(" ".join(["* SEARCH", *(str(one.uid) for one in chosen)]))
        return "OK done"

    def _fits(self, message: Stored, arguments: str) -> bool:
        # Like a real server: a range with "*" always holds the last message.
        wanted = re.search(r"UID (\d+):\*", arguments)
        is_last = message.uid == self._messages[-1].uid
        if wanted and message.uid < int(wanted[1]) and not is_last:
            return False
        since = re.search(r"SINCE (\S+)", arguments)
        arrived = datetime.fromtimestamp(message.at, UTC).date()
        return not since or arrived >= datetime.strptime(since[1], "%d-%b-%Y").date()  # noqa: DTZ007

    def _fetch(self, arguments: str) -> str:
        uid, _, what = arguments.partition(" ")
        found = next((one for one in self._messages if str(one.uid) == uid), None)
        if found is None:
            return "OK done"
        if delay := self.server.faults.fires("imap_delay"):
            time.sleep(delay.seconds)
        if "RFC822.SIZE" in what.upper():
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(found.raw)})")
            return "OK done"
        return self._body(found, what)

    def _body(self, found: Stored, what: str) -> str:
        part = _PARTIAL.search(what)
        if part is None:
            return "BAD only RFC822.SIZE and BODY"
        if self.server.faults.fires("imap_drop_before_fetch"):
            raise _Dropped
        raw = found.raw.partition(b"\r\n\r\n")[0] if part[1] else found.raw
        if part[2] is not None:
            raw = raw[int(part[2]) : int(part[2]) + int(part[3])]
        length = 10**10 if self.server.faults.fires("imap_lie_about_size") else len(raw)
        head = f"* {found.uid} FETCH (UID {found.uid} BODY[] {{{length}}}\r\n"
        self.wfile.write(head.encode() + raw + b")\r\n")
        if self.server.faults.fires("imap_drop_after_fetch"):
            raise _Dropped
        return "OK done"

    def _store(self, arguments: str) -> str:
        uid, _, flags = arguments.partition(" ")
        if "\\SEEN" in flags.upper() and uid.isdigit():
            self.server.inboxes.mark_seen(self._address, int(uid))
        return "OK done"


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], inboxes: Inboxes, faults: Faults) -> None:
        self.inboxes = inboxes
        self.faults = faults
        super().__init__(address, _Session)

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A client that goes away in the middle is no news."""

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


class ImapServer:
    """The listening side; port 0 takes a free one."""

    def __init__(
        self, inboxes: Inboxes, faults: Faults, port: int, *, host: str = "127.0.0.1"
    ) -> None:
        self._listener = _Listener((host, port), inboxes, faults)

    def start(self) -> int:
        """Listen in the background and return the port."""
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        port: int = self._listener.server_address[1]
        return port

    def stop(self) -> None:
        """Stop listening."""
        self._listener.shutdown()
        self._listener.server_close()
