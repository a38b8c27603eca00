"""Everything that must lie in the project before a process can start."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ops import assets, debian, packages, paths, stamps
from ops.commands import CommandFailed, run
from ops.locks import exclusive

_COLUMN = 34
_printing = threading.Lock()


def say(text: str) -> None:
    """Print a line at once."""
    with _printing:
        print(text, flush=True)


def timed(name: str, work: Callable[[], object]) -> None:
    """Do a step and print how long it took, unless there was nothing to do (it gave False)."""
    start = time.monotonic()
    if work() is False:
        return
    seconds = time.monotonic() - start
    say(f"  {name:<{_COLUMN}}{seconds:6.1f} s")


def _printing_libraries() -> bool:
    if debian.can_print():
        return False
    try:
        debian.ensure_printing()
    except CommandFailed as exc:
        # Everything but the rendering of PDFs works without them.
        say(f"  PDFs cannot be rendered on this machine: {exc}")
    return True


def install(*, for_tests: bool = False) -> None:
    """
    Bring Python packages, system libraries, files for browsers and translations into the project.

    :raises CommandFailed: when something cannot be had
    """
    with exclusive("install"):
        _install(for_tests=for_tests)


def _install(*, for_tests: bool) -> None:
    packages.ensure_environment()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Python packages", lambda: packages.install("app", *(["dev"] if for_tests else []))),
        ("libraries for PDFs", _printing_libraries),
        ("files for browsers", assets.vendor),
    ]
    if for_tests:
        steps.append(("Chromium", _chromium))
    with ThreadPoolExecutor(len(steps)) as pool:
        for done in [pool.submit(timed, *step) for step in steps]:
            done.result()
    timed("translations", assets.compile_messages)


def _chromium() -> bool:
    if debian.browser():
        return False
    debian.ensure_browser()
    return True


def collect_static(environment: dict[str, str]) -> bool:
    """
    Give static files their hashed names; tell whether there was work.

    :raises CommandFailed: when a file points to one that is not there
    """
    files = [path for path in (paths.ROOT / "static").rglob("*") if path.is_file()]
    value = stamps.fingerprint([*files, packages.LOCKS / "app.txt"])
    if stamps.is_current("static", value) and (paths.VAR / "static" / "staticfiles.json").exists():
        return False
    command = [str(paths.PYTHON), "manage.py", "collectstatic", "--noinput", "--clear", "-v0"]
    run([*command, "--skip-checks"], environment=environment)
    stamps.remember("static", value)
    return True
