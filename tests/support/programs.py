"""Programs of a test's stack, and waiting for what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ops import paths, process

T = TypeVar("T")


def until(look: Callable[[], T], *, seconds: float = 20, every: float = 0.1) -> T:
    """
    Return what `look` returns as soon as it is true; a connection refused is not yet true.

    :raises AssertionError: when it is not after `seconds`
    """
    end = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except OSError:
            found = None
        if found:
            return found
        assert time.monotonic() < end, f"did not become true within {seconds} s"
        time.sleep(every)


@dataclass
class Program:
    """One process of the stack, stopped, killed and started at will."""

    name: str
    command: list[str]
    environment: dict[str, str]
    is_ready: Callable[[], Any]
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        return paths.LOGS / f"test-{self.name}-{os.getpid()}.log"

    @property
    def pid(self) -> int | None:
        """The id of its first process, while it runs."""
        running = self._running
        return running.pid if running is not None and running.poll() is None else None

    def launch_unless_up(self) -> None:
        """Start it without waiting, unless it runs."""
        if self.pid is None:
            self.launch()

    def launch(self) -> None:
        """Start it without waiting."""
        self._running = process.spawn(
            self.command,
            log=self.log,
            environment=self.environment,
            # One that is held takes no other word.
            death_signal=signal.SIGKILL,
        )

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers."""
        self.launch_unless_up()
        until(self.is_ready, seconds=60)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def hold(self) -> None:
        """Let it stand still, with everything it has started."""
        self._signal_all(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after it was held."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        if self._running is not None and self._running.poll() is None:
            os.killpg(self._running.pid, number)

    def _end(self, number: int) -> None:
        if self._running is None:
            return
        if self._running.poll() is None:
            self._running.send_signal(number)
        process.reap(self._running, patience=15)
        process.kill_session(self._running)
        self._running = None
