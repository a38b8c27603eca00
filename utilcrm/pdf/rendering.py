"""HTML to PDF, in a child process that can read no file, reach no network and not run away."""

import os
import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")

# reliability.md row 22: 20 s and 512 MB. The limit is on address space, of which Pango's mapped
# fonts and the interpreter take some 300 MB that are not resident.
SECONDS = 20
MEGABYTES = 900
# Tagged, with a colour profile and Unicode text: PDF/A-3a lets the original ride along as an
# attachment of the signed document.
VARIANT = "pdf/a-3a"


class RenderFailed(Exception):
    """The HTML could not be turned into a PDF; the message says why, for an operator."""


class RenderTimedOut(RenderFailed):
    """Rendering took longer, or more memory, than a document of ours ever needs."""


def render_html(
    html: str, *, variant: str = VARIANT, seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> bytes:
    """
    Turn a complete HTML page into a PDF.

    Only ``data:`` resources are loaded; anything else (``file:``, ``http:`` …) is left out.

    :raises RenderTimedOut: past the limits of time (seconds) or memory (megabytes)
    :raises RenderFailed: if the renderer ends for another reason
    """
    command = [sys.executable, "-I", str(CHILD), str(seconds), str(megabytes), variant]
    try:
        done = subprocess.run(
            command,
            input=html.encode("utf-8"),
            capture_output=True,
            timeout=seconds + 10,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as exc:
        raise RenderTimedOut(f"No PDF within {seconds + 10} s.") from exc
    if done.returncode < 0 or done.returncode == 3:
        raise RenderTimedOut("The document needs more time or memory than is allowed.")
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise RenderFailed(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def _environment() -> dict[str, str]:
    """Return no more than what it takes to find libraries and fonts: no secret is in it."""
    found = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    for name in ("LD_LIBRARY_PATH", "FONTCONFIG_FILE"):
        if name in os.environ:
            found[name] = os.environ[name]
    return found
