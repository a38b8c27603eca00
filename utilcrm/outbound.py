"""
HTTP to other companies' systems: no redirects, no proxies of ours, an end to every answer.

`requests` bounds the wait for each byte, not for all of them: a server that sends one a second
holds a worker for years. Here a call as a whole has a deadline, and an answer a length. Gateways
are the only users.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

_calling = threading.local()


class AnswerTooLong(Exception):
    """The answer passed the length that was agreed; the rest was not read."""


class _Watched:
    """Tells the thread that calls which socket its answer will come from."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch: _Watch | None = getattr(_calling, "watch", None)
        if watch is not None:
            # a secure connection stands by now
            watch.has_begun = True
        super().request(*args, **kwargs)  # type: ignore[misc]
        if watch is not None:
            watch.socket = self.sock  # type: ignore[attr-defined]


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


class _Watch:
    """Ends a conversation whose time is over, wherever it is stuck."""

    def __init__(self) -> None:
        self.socket: socket | None = None
        self.is_over = False
        self.has_begun = False

    def end(self) -> None:
        self.is_over = True
        if self.socket is not None:
            # gone already, or the other side was faster
            with suppress(OSError):
                self.socket.shutdown(SHUT_RDWR)


def walled_session() -> requests.Session:
    """Return a session for one other company: our environment's proxies and bundles are not its."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", _Adapter())
    session.mount("https://", _Adapter())
    return session


def call(
    session: requests.Session,
    method: str,
    address: str,
    *,
    timeout: tuple[float, float],
    within: float,
    at_most: int,
    **options: Any,
) -> requests.Response:
    """
    Make one call and return its answer, read in full.

    ``timeout`` is for the connection and for each wait (s), ``within`` for the call as a whole
    (s), ``at_most`` the length of the answer (bytes). Redirects are answers like others.

    :raises requests.Timeout: when the time is over, too, however much has come by then
    :raises AnswerTooLong: when the answer is longer
    :raises requests.exceptions.SSLError: when no secure connection was made, so nothing was sent
    :raises requests.RequestException: when the connection fails
    """
    began = time.monotonic()
    with _watched(within) as watch:
        try:
            answer = session.request(
                method, address, timeout=timeout, allow_redirects=False, stream=True, **options
            )
            answer._content = _read(answer, at_most)
        except (requests.RequestException, HTTPError, OSError) as error:
            if watch.is_over or time.monotonic() - began > within:
                raise requests.ReadTimeout(f"no whole answer within {within} s") from error
            if isinstance(error, requests.exceptions.SSLError) and watch.has_begun:
                # past the handshake: the other side may have read the whole message
                raise requests.ConnectionError(error) from error
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(error) from error
        if watch.is_over:
            raise requests.ReadTimeout(f"no whole answer within {within} s")
        return answer


def never_connected(error: Exception) -> bool:
    """Say whether a call failed before anything could be sent."""
    if not isinstance(error, requests.ConnectionError):
        return False
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError | ConnectTimeoutError)


@contextmanager
def _watched(within: float) -> Iterator[_Watch]:
    watch = _calling.watch = _Watch()
    timer = threading.Timer(within, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _calling.watch = None


def _read(answer: requests.Response, at_most: int) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(64 * 1024):
        content += chunk
        if len(content) > at_most:
            answer.close()
            raise AnswerTooLong
    return bytes(content)
