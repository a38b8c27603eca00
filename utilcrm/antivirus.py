"""
The virus scanner, if there is one: anything that speaks clamd's protocol (clamd(8), INSTREAM).

`VIRUS_SCANNER` names it ("host:port"); empty means that there is none, and that a file is judged by
its bytes alone. A file goes over in pieces, and a call as a whole has a deadline.
"""

from __future__ import annotations

import socket
import time
from contextlib import closing, suppress

from django.conf import settings

_PIECE = 64 * 1024
_MOST_ANSWER = 4096


class ScannerUnavailable(Exception):
    """The scanner gave no verdict now; ask again later."""


class NotScannable(Exception):
    """The scanner says that it cannot judge this file, ever; the text is its own."""


def is_configured() -> bool:
    """Tell whether files are shown to a scanner at all."""
    return bool(settings.VIRUS_SCANNER)


def signature_in(content: bytes) -> str:
    """
    Return the name of what the scanner has found in a file; empty if it found nothing.

    :raises ScannerUnavailable: if it cannot be reached, breaks off, or takes too long
    :raises NotScannable: if it refuses the file, because it is too long for it, say
    """
    answer = _asked(content)
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "?"
    if answer.endswith(": OK"):
        return ""
    if answer.endswith("ERROR"):
        raise NotScannable(answer[:200])
    raise ScannerUnavailable(answer[:200] or "no answer")


def _asked(content: bytes) -> str:
    host, _colon, port = settings.VIRUS_SCANNER.rpartition(":")
    ends_at = time.monotonic() + settings.VIRUS_SCANNER_SECONDS
    try:
        with closing(socket.create_connection((host, int(port)), timeout=_left(ends_at))) as line:
            # A scanner that has had enough answers and closes while we still send.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(line, content, ends_at)
            return _answer(line, ends_at)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(str(error) or type(error).__name__) from error


def _send(line: socket.socket, content: bytes, ends_at: float) -> None:
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        line.settimeout(_left(ends_at))
        line.sendall(len(piece).to_bytes(4, "big") + piece)
    line.sendall(bytes(4))


def _answer(line: socket.socket, ends_at: float) -> str:
    said = b""
    while b"\0" not in said and len(said) < _MOST_ANSWER:
        line.settimeout(_left(ends_at))
        more = line.recv(_MOST_ANSWER)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError("not done in time")
    return left
