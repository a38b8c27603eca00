"""Where things lie in a checkout. What is made, rather than written, lies below `var`."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
STAMPS = VAR / "stamps"
SYSTEM = VAR / "sys"
"""Debian packages unpacked without root, for what the machine does not have."""

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# The kernel allows 107 bytes for the path of a unix socket; the longest name we put below is 25.
_LONGEST_SOCKET_FOLDER = 80


def site_packages() -> Path:
    """Return the folder into which the project's packages are installed."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return VENV / "lib" / version / "site-packages"


def digest() -> str:
    """Return what tells this checkout from others, for names in shared folders."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def socket_folder(name: str) -> Path:
    """
    Make and return a private folder for unix sockets.

    It lies below `var/run`, unless the checkout lies so deep that the kernel would refuse the path.
    """
    folder = VAR / "run" / name
    if len(str(folder)) > _LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"utilcrm-{os.getuid()}-{digest()}" / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
