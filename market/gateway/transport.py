"""
HTTP to a register: no redirects, no proxies of the environment, and an end to everything.

A read timeout alone would let a server that sends one byte a second keep us for hours, so that a
guard also breaks the connection when a call as a whole has taken too long.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
import urllib3.exceptions
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from market.gateway.failures import FailureKind, RegisterFailure

MAX_ANSWER_BYTES = 10 * 1024 * 1024
_calls = threading.local()


class _Guard:
    """Breaks the connection of one call when its time is over."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._break)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self._over = False

    def watch(self, connection: socket.socket | None) -> None:
        """Take care of the connection on which the answer is awaited now."""
        self._socket = connection
        if self._over:
            self._break()

    def _break(self) -> None:
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of what is done inside."""
        _calls.guard = self
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()
            _calls.guard = None


class _Watched:
    """A connection that shows its socket to the guard of the call before it waits for an answer."""

    sock: Any

    def getresponse(self) -> Any:
        """Wait for the head of the answer."""
        if (guard := getattr(_calls, "guard", None)) is not None:
            guard.watch(self.sock)
        return super().getresponse()  # type: ignore[misc]


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


@dataclass(frozen=True)
class Answer:
    """What came back, read in full."""

    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """
    Calls below one address. Seconds to connect and seconds for an answer as a whole.

    Not shared between threads.
    """

    def __init__(self, base: str, *, connect_timeout: float, read_timeout: float) -> None:
        self._base = base.rstrip("/")
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._session = requests.Session()
        # Otherwise the environment's proxies, certificates and .netrc override ours.
        self._session.trust_env = False
        adapter = _Adapter(max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """
        Return the answer whatever its status is.

        :raises RegisterFailure: if there is none: NOT_APPLIED when no connection came about,
            UNKNOWN when it broke off, took too long or brought too much
        """
        guard = _Guard(self._connect_timeout + self._read_timeout)
        try:
            with guard.running():
                return self._call(method, path, body, headers or {}, params or {})
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
            raise _failure(exc) from exc
        except ValueError as exc:
            raise RegisterFailure(
                FailureKind.NOT_APPLIED, _("The address of the register is not valid.")
            ) from exc

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        params: Mapping[str, str],
    ) -> Answer:
        response = self._session.request(
            method,
            f"{self._base}{path}",
            params=dict(params),
            data=body,
            headers=dict(headers),
            timeout=(self._connect_timeout, self._read_timeout),
            allow_redirects=False,
            stream=True,
        )
        content = bytearray()
        try:
            for chunk in response.iter_content(64 * 1024):
                content += chunk
                if len(content) > MAX_ANSWER_BYTES:
                    raise RegisterFailure(FailureKind.UNKNOWN, _("The answer is too long."))
        finally:
            response.close()
        return Answer(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            headers=response.headers,
            body=bytes(content),
        )


def of_status(answer: Answer) -> RegisterFailure:
    """Return what a status stands for that is no answer of the register's own language."""
    status = answer.status
    if status in {401, 403}:
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register refuses our log-in."))
    if status in {404, 405} or 300 <= status < 400:
        return RegisterFailure(
            FailureKind.NOT_APPLIED,
            _("No register answers at that address (HTTP %(status)s).") % {"status": status},
        )
    if status == 413:
        return RegisterFailure(FailureKind.REFUSED, _("The message is too long."), reached=True)
    if status in {429, 503}:
        return RegisterFailure(
            FailureKind.NOT_APPLIED,
            _("The register asks us to come later (HTTP %(status)s).") % {"status": status},
            reached=status == 429,
        )
    return RegisterFailure(
        FailureKind.UNKNOWN, _("The register answered with HTTP %(status)s.") % {"status": status}
    )


def expect_xml(answer: Answer) -> None:
    """
    Let only what calls itself XML be taken for a document of a queue.

    A page of a proxy on the way is a failure of the way; it is not a broken document of ours.

    :raises RegisterFailure: if it calls itself something else
    """
    if answer.content_type not in {"application/xml", "text/xml"}:
        raise not_understood(answer.content_type[:80])


def not_understood(text: str) -> RegisterFailure:
    """Return the failure for an answer that is not in the register's language."""
    return RegisterFailure(
        FailureKind.UNKNOWN,
        _("The answer of the register cannot be read: %(why)s") % {"why": text},
    )


def _failure(exc: Exception) -> RegisterFailure:
    if isinstance(exc, requests.ConnectTimeout):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register does not pick up."))
    if isinstance(exc, requests.exceptions.SSLError):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("No secure connection could be made."))
    if isinstance(exc, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return RegisterFailure(
            FailureKind.NOT_APPLIED, _("The address of the register is not valid.")
        )
    if isinstance(exc, requests.ConnectionError) and _never_connected(exc):
        return RegisterFailure(FailureKind.NOT_APPLIED, _("The register refuses the connection."))
    if isinstance(exc, requests.Timeout):
        return RegisterFailure(FailureKind.UNKNOWN, _("The register did not answer in time."))
    return RegisterFailure(FailureKind.UNKNOWN, _("The connection to the register broke off."))


def _never_connected(exc: requests.ConnectionError) -> bool:
    cause = exc.args[0] if exc.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(
        reason,
        urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError,
    )
