"""One at a time, across processes: advisory locks on files, which the kernel lifts when we die."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from ops import paths


class Busy(Exception):
    """Another process holds the lock; the message is what that process wrote into it."""


@contextmanager
def exclusive(name: str, *, wait: bool = True, note: str = "") -> Iterator[None]:
    """
    Hold the lock of a name.

    :raises Busy: when another process holds it and we are not to wait
    """
    folder = paths.VAR / "lock"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            file.seek(0)
            raise Busy(file.read()) from None
        file.seek(0)
        file.truncate()
        file.write(note)
        file.flush()
        yield
