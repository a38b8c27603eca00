"""One at a time, across processes: advisory locks on files, which the kernel lifts when we die."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ops import paths


class Busy(Exception):
    """Another process holds the lock; the message is what that process wrote into it."""


# Somebody who only looks holds the lock for a moment.
_MOMENT_SECONDS = 1.0


def _file(name: str) -> Path:
    folder = paths.VAR / "lock"
    paths.VAR.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)
    return folder / name


def holder(name: str) -> str | None:
    """Return what the holder of a lock has written into it, or nothing when nobody holds it."""
    with _file(name).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            return file.read()
    return None


def _lock_within(file: IO[str], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        else:
            return True


@contextmanager
def exclusive(name: str, *, wait: bool = True, note: str = "") -> Iterator[None]:
    """
    Hold the lock of a name.

    :raises Busy: when another process holds it and we are not to wait
    """
    with _file(name).open("a+") as file:
        if wait:
            fcntl.flock(file, fcntl.LOCK_EX)
        elif not _lock_within(file, _MOMENT_SECONDS):
            file.seek(0)
            raise Busy(file.read())
        file.seek(0)
        file.truncate()
        file.write(note)
        file.flush()
        yield
