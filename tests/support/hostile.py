"""A port that says what a test wants, and documents that nobody should believe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MIB = 1024 * 1024
XML_FOLLOWS = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


class Line:
    """A port that says to each caller what the test wants, byte by byte, and counts callers."""

    def __init__(self, say: Callable[[socket.socket], None]) -> None:
        self.say = say
        self.callers = 0
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.port = self._ear.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._ear.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self._ear.accept()
            except OSError:
                return
            self.callers += 1
            threading.Thread(target=self._answer, args=[caller], daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        with suppress(OSError), caller:
            caller.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request:
                request += caller.recv(65536)
            head, _gap, body = request.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            while len(body) < length:
                body += caller.recv(65536)
            self.say(caller)


def http(body: bytes, *, status: str = "200 OK", kind: str = "text/xml", more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def envelope(body: str, *, before: str = "", namespace: str = SOAP) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<s:Envelope xmlns:s="{namespace}">'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def doctype(inside: str) -> str:
    return f"<!DOCTYPE Envelope [{inside}]>"


def laughs(times: int = 9) -> str:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, times)]
    return doctype("".join(lines))
