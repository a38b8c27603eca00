"""
Mailboxes by IMAP (RFC 9051): new messages in order, each with a limit, all within a time.

`imaplib` bounds the wait for each line, not for all of them, and reads whatever length a server
announces. Here a round as a whole has a deadline, and an answer a length.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from socket import SHUT_RDWR
from typing import Any

CONNECT_SECONDS = 10
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_VALIDITY = re.compile(rb"(\d{1,12})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxFailure(Exception):
    """The mailbox cannot be read now; the text says why, to the administrator."""


class LogInRefused(MailboxFailure):
    """The server is there and does not let us in."""


@dataclass(frozen=True)
class LogIn:
    """Where a mailbox is, and who we are there; seconds bound the whole conversation."""

    host: str
    port: int
    is_secure: bool
    username: str
    password: str
    folder: str
    seconds: float


class _Bounded:
    """Refuses to read what is longer than was asked for."""

    longest = 0

    def read(self, size: int) -> bytes:
        if size > self.longest:
            raise MailboxFailure(f"the server announces {size} bytes")
        return super().read(size)  # type: ignore[misc]


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Secure(_Bounded, imaplib.IMAP4_SSL):
    pass


class Folder:
    """One folder, open for reading. UIDs grow, and hold as long as `uid_validity` is the same."""

    def __init__(self, connection: imaplib.IMAP4, uid_validity: int, count: int) -> None:
        self._connection = connection
        self.uid_validity = uid_validity
        self.count = count

    def uids_after(self, uid: int, *, since: date) -> list[int]:
        """Return the UIDs above one, of messages that arrived on a day or later, rising."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self._ask("SEARCH", f"UID {uid + 1}:*", f"SINCE {day}")
        numbers = [int(one) for line in found if line for one in line.split() if one.isdigit()]
        # A range with "*" always holds the last message, even one below its beginning.
        return sorted(number for number in numbers if number > uid)

    def size_of(self, uid: int) -> int | None:
        """Return a message's length in bytes, or None if it is gone."""
        for piece in self._ask("FETCH", str(uid), "(RFC822.SIZE)"):
            line = piece[0] if isinstance(piece, tuple) else piece
            if line and (size := _SIZE.search(line)):
                return int(size[1])
        return None

    def whole(self, uid: int, *, at_most: int) -> bytes | None:
        """Return a message, or None if it is gone."""
        return self._literal(uid, "(BODY.PEEK[])", at_most)

    def head(self, uid: int, *, at_most: int) -> bytes | None:
        """Return the first bytes of a message's head, or None if it is gone."""
        return self._literal(uid, f"(BODY.PEEK[HEADER]<0.{at_most}>)", at_most)

    def mark_seen(self, uid: int) -> None:
        """Show to people who look into the mailbox that we have it."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _literal(self, uid: int, what: str, at_most: int) -> bytes | None:
        self._connection.longest = at_most  # type: ignore[attr-defined]
        for piece in self._ask("FETCH", str(uid), what):
            if isinstance(piece, tuple):
                return bytes(piece[1])
        return None

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        answer, data = self._connection.uid(command, *arguments)
        if answer != "OK":
            raise MailboxFailure(f"{command}: {_words(data)}")
        return data


@contextmanager
def opened(log_in: LogIn) -> Iterator[Folder]:
    """
    Open a mailbox's folder for the length of a block.

    :raises LogInRefused: if the server does not take the name, the password or the folder
    :raises MailboxFailure: when it cannot be reached, breaks off, or the time is over
    """
    watch = _Watch(log_in.seconds)
    try:
        connection = _connected(log_in)
        watch.over(connection)
        with watch:
            try:
                yield _selected(connection, log_in)
            except BaseException:
                # Nobody waits for a polite good-bye of a line that is broken or out of step.
                with suppress(OSError):
                    connection.shutdown()
                raise
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
    except (OSError, imaplib.IMAP4.error, EOFError) as error:
        if watch.is_over:
            raise MailboxFailure(f"not done within {log_in.seconds:g} s") from error
        raise MailboxFailure(_text(error)) from error


def _connected(log_in: LogIn) -> imaplib.IMAP4:
    seconds = min(CONNECT_SECONDS, log_in.seconds)
    try:
        if not log_in.is_secure:
            return _Plain(log_in.host, log_in.port, timeout=seconds)
        context = ssl.create_default_context()
        return _Secure(log_in.host, log_in.port, ssl_context=context, timeout=seconds)
    except UnicodeError as error:
        # no name that a server could have
        raise MailboxFailure(_text(error)) from error


def _selected(connection: imaplib.IMAP4, log_in: LogIn) -> Folder:
    try:
        connection.login(_quoted(log_in.username), log_in.password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        # LOGIN takes the letters of ASCII only
        raise LogInRefused(_text(error)) from error
    answer, data = connection.select(_quoted(log_in.folder))
    if answer != "OK":
        raise LogInRefused(_words(data))
    validity = _VALIDITY.search(b" ".join(_bytes(connection.response("UIDVALIDITY")[1])))
    if validity is None:
        raise MailboxFailure("the server numbers its messages not at all")
    count = _bytes(data)[0]
    return Folder(connection, int(validity[1]), int(count) if count.isdigit() else 0)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Watch:
    """Ends a conversation whose time is over, wherever it is stuck."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._connection: imaplib.IMAP4 | None = None

    def over(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_exc: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._connection is not None:
            # gone already, or the other side was faster
            with suppress(OSError):
                self._connection.socket().shutdown(SHUT_RDWR)


def _bytes(data: Any) -> list[bytes]:
    return [one for one in data or [] if isinstance(one, bytes)] or [b""]


def _words(data: Any) -> str:
    return b" ".join(_bytes(data)).decode("utf-8", "replace")[:300]


def _text(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return words[:300] or type(error).__name__
