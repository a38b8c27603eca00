"""A small threaded HTTP/1.1 server that can also fail the way real servers fail.

A stand-in gives a function from `Request` to `Response`. To break a connection instead of
answering, the function raises `ConnectionDropped`; to be unreachable altogether, the stand-in calls
`Server.refuse_for`, which closes the listening socket so that the kernel refuses connections.
"""

import base64
import binascii
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_BODY_BYTES = 20 * 1024 * 1024
IDLE_SECONDS = 60
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ConnectionDropped(Exception):
    """Raised by a stand-in that wants the connection reset instead of an answer."""


@dataclass(frozen=True)
class Request:
    """One HTTP request, with the body read whole."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON, an empty dict when there is none.

        :raises ValueError: when the body is not JSON.
        """
        return json.loads(self.body) if self.body.strip() else {}

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password of HTTP Basic, or None when absent or broken."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(token, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


@dataclass(frozen=True)
class Response:
    """One HTTP answer; `seconds_per_byte` lets the body trickle."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    seconds_per_byte: float = 0


def json_response(value: Any, status: int = 200) -> Response:
    """Return `value` as indented JSON; what JSON does not know is written as text."""
    text = json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
    return Response(status, text.encode(), "application/json; charset=utf-8")


Application = Callable[[Request], Response]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Listener"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            self._write(Response(413))
            return
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(url.path),
            query=dict(parse_qsl(url.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            response = self.server.application(request)
        except ConnectionDropped:
            self.server.reset(self.connection)
            self.close_connection = True
            return
        self._write(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815 - http.server's names

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        if response.body:
            self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write_body(response)
        self.wfile.flush()

    def _write_body(self, response: Response) -> None:
        if not response.seconds_per_byte:
            self.wfile.write(response.body)
            return
        for byte in response.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(response.seconds_per_byte)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the ledger is what a stand-in tells."""


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that goes away in the middle is no news."""

    @staticmethod
    def reset(connection: socket.socket) -> None:
        """Send RST: the other side sees "connection reset by peer"."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        # Closing alone would leave the handler's buffered files holding the descriptor.
        duplicate = socket.socket(fileno=connection.detach())
        duplicate.close()

    def drop_open_connections(self) -> None:
        """Break kept-alive connections, which a closed listener would leave working."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Server:
    """The listening side of a stand-in; serves in background threads."""

    def __init__(self, application: Application, *, port: int, host: str = "127.0.0.1") -> None:
        self._application = application
        self._host = host
        self._lock = threading.Lock()
        self._listener: _Listener | None = None
        self._reopen: threading.Timer | None = None
        self.port = port

    def start(self) -> int:
        """Listen and serve. Port 0 takes a free one. Return the port.

        :raises OSError: when the port is taken.
        """
        with self._lock:
            self._open()
        return self.port

    def _open(self) -> None:
        if self._listener is not None:
            return
        self._listener = _Listener((self._host, self.port), self._application)
        self.port = self._listener.server_address[1]
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def _close(self) -> None:
        if self._reopen is not None:
            self._reopen.cancel()
            self._reopen = None
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener.shutdown()
            listener.server_close()
            listener.drop_open_connections()

    def refuse_for(self, seconds: float) -> None:
        """Close the listening socket: connections are refused, and open ones broken.

        The same port is opened again after `seconds`, or by `accept_again`.
        """
        with self._lock:
            self._close()
            self._reopen = threading.Timer(seconds, self.accept_again)
            self._reopen.daemon = True
            self._reopen.start()

    def accept_again(self) -> None:
        """Listen again after `refuse_for`; nothing when listening already."""
        with self._lock:
            if self._reopen is not None:
                self._reopen.cancel()
                self._reopen = None
            self._open()

    def stop(self) -> None:
        """Stop listening for good."""
        with self._lock:
            self._close()
