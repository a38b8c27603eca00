"""System libraries and programs without root: Debian packages, unpacked below `var/sys`."""

from __future__ import annotations

import ctypes
import getpass
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ops import paths
from ops.commands import CommandFailed, run
from ops.locks import exclusive

# What WeasyPrint opens at run time. Without the last one, a contract takes four times as long.
PRINTING_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libharfbuzz-subset.so.0",
)
PRINTING_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fontconfig-config",
    "fonts-dejavu-core",
)
# The headless shell draws pages as Chromium does, without Chromium's own windows: half the cost.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGES = ("chromium-headless-shell", "libatomic1", "fonts-dejavu-core")

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{system}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def library_folders() -> list[Path]:
    """Return the folders in which unpacked libraries lie."""
    triplet = f"{os.uname().machine}-linux-gnu"
    folders = [
        paths.SYSTEM / "usr/lib" / triplet,
        paths.SYSTEM / "lib" / triplet,
        paths.SYSTEM / "usr/lib" / triplet / "pulseaudio",
    ]
    return [folder for folder in folders if folder.is_dir()]


def environment() -> dict[str, str]:
    """Return the variables under which a process finds what was unpacked."""
    found: dict[str, str] = {}
    folders = [str(folder) for folder in library_folders()]
    if folders:
        inherited = os.environ.get("LD_LIBRARY_PATH")
        found["LD_LIBRARY_PATH"] = ":".join([*folders, *([inherited] if inherited else [])])
    if folders and not Path("/etc/fonts/fonts.conf").exists():
        own = paths.SYSTEM / "fonts.conf"
        own.write_text(_FONTS.format(system=paths.SYSTEM, cache=paths.VAR / "fontconfig"))
        found["FONTCONFIG_FILE"] = str(own)
    return found


def _can_load(library: str) -> bool:
    for folder in library_folders():
        if (folder / library).exists():
            return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_print() -> bool:
    """Tell whether every library that makes PDFs is there."""
    return all(_can_load(library) for library in PRINTING_LIBRARIES)


def browser() -> str | None:
    """Return the path of a Chromium on this machine or below `var/sys`."""
    for name in BROWSERS[:2]:
        unpacked = paths.SYSTEM / "usr/lib/chromium" / name
        if unpacked.exists():
            return str(unpacked)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def unpack(packages: Iterable[str]) -> None:
    """
    Download Debian packages with what they need and unpack them below `var/sys`.

    :raises CommandFailed: where there is no apt, or it cannot reach its archive
    """
    with exclusive("apt"):
        archive = paths.VAR / "apt"
        for folder in ("state/lists/partial", "cache/archives/partial", "debs"):
            (archive / folder).mkdir(parents=True, exist_ok=True)
        options = {
            "Dir::State": archive / "state",
            "Dir::Cache": archive / "cache",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": getpass.getuser(),
        }
        apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
        run([*apt, "update"])
        plan = run([*apt, "install", "-s", "--no-install-recommends", *packages])
        missing = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
        if not missing:
            return
        debs = archive / "debs"
        run([*apt, "download", *missing], folder=debs)
        paths.SYSTEM.mkdir(parents=True, exist_ok=True)
        for deb in debs.glob("*.deb"):
            run(["dpkg-deb", "-x", str(deb), str(paths.SYSTEM)])
        shutil.rmtree(archive)


def ensure_printing() -> None:
    """
    Make sure that PDFs can be rendered.

    :raises CommandFailed: when libraries are missing and cannot be unpacked
    """
    if can_print():
        return
    unpack(PRINTING_PACKAGES)
    if not can_print():
        raise CommandFailed(f"PDFs need these packages: {' '.join(PRINTING_PACKAGES)}")


def ensure_browser() -> str:
    """
    Return the path of a Chromium, unpacked where the machine has none.

    :raises CommandFailed: when there is none and none can be unpacked
    """
    if browser() is None:
        unpack(BROWSER_PACKAGES)
    found = browser()
    if found is None:
        raise CommandFailed("Browser tests need Chromium; apt-get install chromium")
    return found
