"""Running a command to its end during set-up, and saying well what went wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from ops import paths

_LINES_SHOWN = 25


class CommandFailed(Exception):
    """A step of the set-up failed; the message holds the end of what the command said."""


def run(
    command: list[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path = paths.ROOT,
) -> str:
    """
    Run a command and return what it printed.

    :raises CommandFailed: when it cannot be started or ends with an error
    """
    try:
        ran = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError as exc:
        raise CommandFailed(f"{command[0]} is not on this machine") from exc
    if ran.returncode:
        said = "\n".join(ran.stdout.strip().splitlines()[-_LINES_SHOWN:])
        raise CommandFailed(f"{' '.join(command)}\n{said}")
    return ran.stdout
