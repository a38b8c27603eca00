"""The scanner's side: as much of clamd's protocol as a program needs that shows it files."""

import io
import socketserver
import threading
import time
import zipfile

from sandbox.faults import Faults

KINDS = {"scanner_delay", "scanner_drop", "scanner_refuse"}
"""`scanner_refuse` says that the file cannot be judged; `scanner_drop` breaks the line instead."""

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The file by which makers of scanners let people try them (eicar.org)."""

MOST_BYTES = 30 * 1024 * 1024


class _Session(socketserver.StreamRequestHandler):
    timeout = 60
    server: "_Listener"

    def handle(self) -> None:
        command = b""
        while not command.endswith((b"\0", b"\n")) and len(command) < 64:
            one = self.rfile.read(1)
            if not one:
                return
            command += one
        name = command.strip(b"\0\nzn")
        if name == b"PING":
            self._say("PONG")
        elif name == b"INSTREAM":
            self._judge()
        else:
            self._say("UNKNOWN COMMAND")

    def _judge(self) -> None:
        content = self._stream()
        faults = self.server.faults
        if delay := faults.fires("scanner_delay"):
            time.sleep(delay.seconds)
        if content is None or faults.fires("scanner_drop"):
            return
        if len(content) > MOST_BYTES:
            self._say("INSTREAM size limit exceeded. ERROR")
        elif faults.fires("scanner_refuse"):
            self._say("stream: Can't open file or directory ERROR")
        elif EICAR in content or _holds_eicar(content):
            self._say("stream: Eicar-Test-Signature FOUND")
        else:
            self._say("stream: OK")

    def _stream(self) -> bytes | None:
        """Read pieces, each behind its length in four bytes, until one of length nought."""
        content = bytearray()
        while True:
            head = self.rfile.read(4)
            if len(head) < 4:
                return None
            length = int.from_bytes(head, "big")
            if not length or len(content) > MOST_BYTES:
                return bytes(content)
            content += self.rfile.read(length)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\0")


def _holds_eicar(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            small = [one for one in archive.infolist()[:100] if one.file_size < 1024 * 1024]
            return any(EICAR in archive.read(one) for one in small)
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError):
        return False


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], faults: Faults) -> None:
        self.faults = faults
        super().__init__(address, _Session)

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A client that goes away in the middle is no news."""


class ScannerServer:
    """A scanner on a port; 0 takes a free one."""

    def __init__(self, faults: Faults, port: int, *, host: str = "127.0.0.1") -> None:
        self._listener = _Listener((host, port), faults)

    def start(self) -> int:
        """Begin to answer; return the port."""
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return int(self._listener.server_address[1])

    def stop(self) -> None:
        """Stop answering."""
        self._listener.shutdown()
        self._listener.server_close()
