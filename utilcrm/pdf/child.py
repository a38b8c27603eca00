"""
The process that turns HTML into PDF: nothing but WeasyPrint, with walls around it.

Started by :mod:`utilcrm.pdf.press` with an empty environment and Python's isolated mode, so there
is no secret in it to be printed. It imports nothing of the project. It loads WeasyPrint and the
fonts, then forks for each document: WeasyPrint does not give memory back (issues 220, 611) and can
hang on long tables (691, 1104); a process that ends cures the first and a limit the second.

A document comes in on stdin as a line ``seconds megabytes length variant`` and so many bytes of
HTML; the answer goes out on stdout as a line ``status length`` and so many bytes. The status is
that of the process that made it: 0 with a PDF, else with what it complained of.
"""

import os
import resource
import select
import sys
import tempfile
import traceback
from typing import BinaryIO, NoReturn

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

FAILED = 1
OUT_OF_MEMORY = 3
IDLE_SECONDS = 300
"""How long it waits for a document before it gives its memory back."""


def limit(*, seconds: int, megabytes: int) -> None:
    """Cap processor time and address space; files no bigger than the fonts it unpacks."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * 1024 * 1024,) * 2)


def look_for_fonts() -> None:
    """
    Have fontconfig list the fonts while there is memory enough.

    Short of memory it finds none, and writes that down in the cache of the whole machine.
    """
    HTML(string="<p>x</p>", url_fetcher=URLFetcher(allowed_protocols={"data"})).render()


def render(html: str, variant: str) -> bytes:
    """Render with every fetch but ``data:`` refused: no file, no network, no redirect."""
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    document = HTML(string=html, url_fetcher=fetcher, base_url=None)
    return bytes(
        document.write_pdf(
            font_config=FontConfiguration(), pdf_variant=variant or None, uncompressed_pdf=False
        )
    )


def make(html: bytes, variant: str, *, seconds: int, megabytes: int) -> tuple[int, bytes]:
    """Make one document in a process of its own; return how that ended, and what it wrote."""
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as complaints:
        maker = os.fork()
        if maker == 0:
            os.close(reading)
            # the libraries underneath complain there, and must not do so into the PDF
            os.dup2(complaints.fileno(), sys.stderr.fileno())
            with os.fdopen(writing, "wb", closefd=False) as pipe:
                _make_and_end(html, variant, pipe, seconds=seconds, megabytes=megabytes)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            pdf = pipe.read()
        _pid, status = os.waitpid(maker, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return code, pdf
        complaints.seek(0)
        return code, complaints.read()


def _make_and_end(
    html: bytes, variant: str, pipe: BinaryIO, *, seconds: int, megabytes: int
) -> NoReturn:
    code = FAILED
    try:
        limit(seconds=seconds, megabytes=megabytes)
        pipe.write(render(html.decode("utf-8"), variant))
        pipe.flush()
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        # what the process that it was forked from will do at its end is not to be done twice
        os._exit(code)


def main() -> None:
    """Make documents until nobody asks any more."""
    look_for_fonts()
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], IDLE_SECONDS)[0]:
        head = asked.readline().decode("ascii").rstrip("\n")
        if not head:
            return
        seconds, megabytes, length, variant = head.split(" ")
        html = asked.read(int(length))
        if len(html) < int(length):
            return
        status, written = make(html, variant, seconds=int(seconds), megabytes=int(megabytes))
        answers.write(f"{status} {len(written)}\n".encode("ascii") + written)
        answers.flush()


if __name__ == "__main__":
    main()
