"""
The process that turns HTML into PDF: nothing but WeasyPrint, with walls around it.

Started by :mod:`utilcrm.pdf.rendering` with an empty environment and Python's isolated mode, so
there is no secret in it to be printed. It imports nothing of the project. HTML comes in on stdin,
the PDF goes out on stdout. WeasyPrint does not give memory back (issues 220, 611) and can hang on
long tables (691, 1104); a process that ends cures the first and a limit the second.
"""

import resource
import sys
from typing import NoReturn

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


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


def main() -> NoReturn:
    """Read, limit, render, write. Exit 3 when the memory limit was hit."""
    seconds, megabytes, variant = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    html = sys.stdin.buffer.read().decode("utf-8")
    look_for_fonts()
    limit(seconds=seconds, megabytes=megabytes)
    try:
        pdf = render(html, variant)
    except MemoryError:
        sys.exit(3)
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    sys.exit(0)


if __name__ == "__main__":
    main()
