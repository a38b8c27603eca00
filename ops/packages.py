"""The project's Python environment: made, filled from locks with hashes, and only when changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops import debian, paths, stamps
from ops.commands import CommandFailed, run

LOCKS = paths.ROOT / "requirements"


def _works() -> bool:
    """Tell whether the environment's Python starts; a moved checkout breaks it."""
    if not paths.PYTHON.exists():
        return False
    probe = [str(paths.PYTHON), "-c", "import sys"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def ensure_environment() -> None:
    """
    Make the environment where there is none that works, with uv in it.

    :raises CommandFailed: when Python or the network lacks something
    """
    if not _works():
        _make_environment()
    uv()


def _make_environment() -> None:
    shutil.rmtree(paths.VENV, ignore_errors=True)
    shutil.rmtree(paths.STAMPS, ignore_errors=True)
    try:
        run([sys.executable, "-m", "venv", str(paths.VENV)])
    except CommandFailed:
        # Debian keeps pip's wheel in a package of its own; take it from there without root.
        shutil.rmtree(paths.VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", "--without-pip", str(paths.VENV)])
        debian.unpack(["python3-pip-whl"])


def _pip() -> list[str]:
    installed = paths.VENV / "bin" / "pip"
    if installed.exists():
        return [str(paths.PYTHON), "-m", "pip"]
    for root in (paths.SYSTEM, Path("/")):
        for wheel in (root / "usr/share/python-wheels").glob("pip-*.whl"):
            return [str(paths.PYTHON), str(wheel / "pip")]
    raise CommandFailed("There is no pip; apt-get install python3-venv")


def _pip_install(lock: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*_pip(), "install", *quiet, "-r", str(LOCKS / lock)])


def uv() -> str:
    """
    Return the path of uv in the environment, installed where it is missing.

    :raises CommandFailed: when it cannot be installed
    """
    program = paths.VENV / "bin" / "uv"
    if not program.exists():
        _pip_install("uv.txt")
    return str(program)


def install(*names: str) -> bool:
    """
    Install locks such as `app` and `dev` where they have changed; tell whether there was work.

    :raises CommandFailed: when a package cannot be had
    """
    locks = [LOCKS / f"{name}.txt" for name in names]
    stamp = f"packages-{'-'.join(names)}"
    value = stamps.fingerprint(locks, sys.version, str(paths.VENV))
    if stamps.is_current(stamp, value):
        return False
    arguments = ["--require-hashes"]
    for lock in locks:
        arguments += ["-r", str(lock)]
    environment = {**os.environ, "VIRTUAL_ENV": str(paths.VENV)}
    try:
        # Compiled once here, and not at the same moment by each process that is started first.
        command = [uv(), "pip", "install", "--quiet", "--compile-bytecode", *arguments]
        run(command, environment=environment)
    except CommandFailed:
        # uv does not read pip's own configuration of mirrors and certificates.
        for name in names:
            _pip_install(f"{name}.txt")
    stamps.remember(stamp, value)
    return True


def lock() -> None:
    """
    Write the locks of Python and npm packages anew from what we ask for.

    :raises CommandFailed: when a wish cannot be met
    """
    # Debian 12 has 3.11.2, for which some packages need more than for later ones.
    options = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--upgrade",
    ]
    options += ["--custom-compile-command", "python3 run.py lock"]
    for name in ("uv", "app", "dev", "node"):
        wish, kept = LOCKS / f"{name}.in", LOCKS / f"{name}.txt"
        print(f"  requirements/{kept.name}", flush=True)
        command = [uv(), "pip", "compile", "--quiet", *options]
        run([*command, str(wish.relative_to(paths.ROOT)), "-o", str(kept.relative_to(paths.ROOT))])
