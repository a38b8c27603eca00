"""The process that makes PDFs, as whoever asks for one sees it: kept, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

CHILD = Path(__file__).with_name("child.py")


class PressGone(Exception):
    """It ended before it had answered; the message is the last that it said."""


class PressTooLate(PressGone):
    """It was ended because its answer took too long."""


@dataclass(frozen=True)
class Order:
    """A page, and what may be spent on it: seconds of processor time, megabytes of addresses."""

    html: bytes
    variant: str
    seconds: int
    megabytes: int


class Press:
    """One such process. It makes one document after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        self._asked = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._said = cast("IO[bytes]", self._process.stderr)

    def make(self, order: Order, *, patience: float) -> tuple[int, bytes]:
        """
        Return how making it ended, and the PDF or else what was complained of.

        :param patience: seconds after which it is ended, with all that it has started
        :raises PressTooLate: past that time
        :raises PressGone: if it ends for another reason
        """
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            self.end()

        watch = threading.Timer(patience, give_up)
        watch.daemon = True
        watch.start()
        try:
            return self._ask(order)
        except (OSError, ValueError) as exc:
            self.end()
            if is_late.is_set():
                raise PressTooLate(f"No PDF within {patience} s.") from exc
            raise PressGone(self._last_words()) from exc
        finally:
            watch.cancel()

    def end(self) -> None:
        """End it, and the document that it is making."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _ask(self, order: Order) -> tuple[int, bytes]:
        head = f"{order.seconds} {order.megabytes} {len(order.html)} {order.variant}\n"
        self._asked.write(head.encode("ascii") + order.html)
        self._asked.flush()
        status, length = self._answers.readline().split()
        written = self._answers.read(int(length))
        if len(written) < int(length):
            raise EOFError
        return int(status), written

    def _last_words(self) -> str:
        self._process.wait()
        return self._said.read().decode("utf-8", "replace")


_idle: deque[Press] = deque()
# Two processes that talk to one would get each other's answers.
os.register_at_fork(after_in_child=_idle.clear)


def print_with_any(order: Order, *, patience: float) -> tuple[int, bytes]:
    """
    Let a process that has nothing to do make a document, or a new one.

    :raises PressTooLate: if it takes longer than `patience` seconds
    :raises PressGone: if it cannot be started, or ends
    """
    while True:
        try:
            press, is_new = _idle.pop(), False
        except IndexError:
            press, is_new = Press(), True
        try:
            answer = press.make(order, patience=patience)
        except PressTooLate:
            raise
        except PressGone:
            if is_new:
                raise
            # it had nothing to do for long, or somebody has ended it
            continue
        _idle.append(press)
        return answer


def _environment() -> dict[str, str]:
    """Return no more than what it takes to find libraries and fonts: no secret is in it."""
    found = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    for name in ("LD_LIBRARY_PATH", "FONTCONFIG_FILE"):
        if name in os.environ:
            found[name] = os.environ[name]
    return found
