"""Work that need not be done twice: a stamp remembers from what it was done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ops import paths


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Return a hash of the contents of files and of some facts besides."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(paths.ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(name: str, value: str) -> bool:
    """Tell whether the work of a name was last done from this fingerprint."""
    stamp = paths.STAMPS / name
    return stamp.exists() and stamp.read_text() == value


def remember(name: str, value: str) -> None:
    """Note that the work of a name is done from this fingerprint."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    (paths.STAMPS / name).write_text(value)
