"""Children that never outlive us, not even when we are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ops import paths

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: list[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """
    Start a process in a session of its own; the kernel sends it `death_signal` when we end.

    The session keeps Ctrl-C in our terminal from reaching it: we stop our children in order. Call
    this from the main thread: the kernel watches the thread, not the process.
    """

    def die_with_parent() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, death_signal)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else os.environ.copy(),
            cwd=paths.ROOT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - we have one thread
        )


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever a process has left behind in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def reap(process: subprocess.Popen[bytes], *, patience: float) -> None:
    """Wait for a process that was asked to stop; after `patience` seconds kill it and its own."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill_session(process)
        process.wait()
