"""
The archive of the print company: one invoice's copy for one token.

By `http.client` and not by a library that logs addresses: the token is part of this one address,
and stands in no log, no exception and nothing else that leaves this module.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

MOST_BYTES = 20 * 1024 * 1024
_CHUNK = 64 * 1024
_HEAD = b"%PDF-"


class ArchiveAway(Exception):
    """The archive did not answer, or not as agreed; it may be asked again later."""


class CopyGone(Exception):
    """The archive had the copy, and has thrown it away after its time."""


class CopyMissing(Exception):
    """The archive knows nothing of this token, or gives something else than this invoice."""


@dataclass(frozen=True)
class ArchiveLogin:
    """Where the archive is, who we are there, and how long we wait (seconds)."""

    url: str
    username: str
    password: str = field(repr=False)
    connect_timeout: float = 3
    read_timeout: float = 15


def fetch_copy(login: ArchiveLogin, *, token: str, number: str) -> bytes:
    """
    Return the PDF of an invoice.

    Redirects are not followed; the whole answer must be here within the time to answer, be a PDF of
    at most `MOST_BYTES`, and, where the archive says whose it is, be the invoice's own.

    :raises ArchiveAway: nobody there, too slow, refused our log-in, or answers nonsense
    :raises CopyGone: no longer archived (410)
    :raises CopyMissing: unknown there (404), or not what was asked for
    """
    try:
        return _fetched(login, token, number)
    except (OSError, http.client.HTTPException, ValueError):
        # Nothing of the cause: its text may quote the address.
        raise ArchiveAway(_("The archive does not answer.")) from None


def _fetched(login: ArchiveLogin, token: str, number: str) -> bytes:
    parts = urlsplit(login.url)
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(
            parts.netloc, timeout=login.connect_timeout, context=ssl.create_default_context()
        )
    else:
        line = http.client.HTTPConnection(parts.netloc, timeout=login.connect_timeout)
    try:
        line.connect()
        with _hung_up_after(line.sock, login.read_timeout) as is_late:
            pair = base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
            line.request(
                "GET",
                f"{parts.path.rstrip('/')}/{quote(token, safe='')}.pdf",
                headers={"Authorization": f"Basic {pair}", "Accept": "application/pdf"},
            )
            answer = line.getresponse()
            _check(answer, number)
            content = _body(answer)
        if is_late.is_set():
            raise ArchiveAway(_("The archive is too slow."))
    finally:
        line.close()
    if not content.startswith(_HEAD) or b"%%EOF" not in content[-1024:]:
        raise CopyMissing(_("The archive gave something that is no PDF."))
    return content


@contextmanager
def _hung_up_after(line: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Break a connection off when its time is over, however slowly it still says something."""
    line.settimeout(seconds)
    is_late = threading.Event()

    def hang_up() -> None:
        is_late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


def _check(answer: http.client.HTTPResponse, number: str) -> None:
    if answer.status == 410:
        raise CopyGone
    if answer.status == 404:
        raise CopyMissing(_("The archive does not have this invoice."))
    if answer.status == 401:
        raise ArchiveAway(_("The archive refuses our log-in."))
    if answer.status != 200:
        raise ArchiveAway(
            _("The archive answered with HTTP %(status)s.") % {"status": answer.status}
        )
    if answer.headers.get_content_type() != "application/pdf":
        raise CopyMissing(_("The archive gave something that is no PDF."))
    owner = answer.headers.get("X-Invoice-Number")
    if owner is not None and owner.strip() != number:
        raise CopyMissing(_("The archive gave the copy of another invoice."))


def _body(answer: http.client.HTTPResponse) -> bytes:
    content = bytearray()
    while chunk := answer.read1(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise CopyMissing(_("The copy in the archive is too long."))
    if answer.length:
        raise ArchiveAway(_("The answer broke off."))
    return bytes(content)
