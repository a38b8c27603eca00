"""HTML to PDF, in a child process that can read no file, reach no network and not run away."""

from utilcrm.pdf.press import Order, PressGone, PressTooLate, print_with_any

# reliability.md row 22: 20 s and 512 MB. The limit is on address space, of which Pango's mapped
# fonts and the interpreter take some 300 MB that are not resident.
SECONDS = 20
MEGABYTES = 900
# Tagged, with a colour profile and Unicode text: PDF/A-3a lets the original ride along as an
# attachment of the signed document.
VARIANT = "pdf/a-3a"
# how the process that makes a document ends when it gets no more memory
OUT_OF_MEMORY = 3


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
    order = Order(html.encode("utf-8"), variant, seconds, megabytes)
    try:
        status, written = print_with_any(order, patience=seconds + 10)
    except PressTooLate as exc:
        raise RenderTimedOut(str(exc)) from exc
    except PressGone as exc:
        raise RenderFailed(str(exc)[-2000:]) from exc
    if status < 0 or status == OUT_OF_MEMORY:
        raise RenderTimedOut("The document needs more time or memory than is allowed.")
    if status != 0 or not written.startswith(b"%PDF-"):
        raise RenderFailed(written.decode("utf-8", "replace")[-2000:])
    return written
