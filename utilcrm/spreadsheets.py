"""Files that people open in a spreadsheet: comma, UTF-8 with its mark, and no formulas."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse

IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a file that stay in memory; a longer one goes to the disk until it is sent."""

FORMULA = frozenset("=+-@\t\r\n|＝＋－＠")


def harmless(cell: str) -> str:
    """
    Return a cell that no spreadsheet takes for a formula.

    A quotation mark stands before what begins like one (OWASP, CSV injection); blanks before it do
    not help a formula through.
    """
    begins = cell.lstrip(" \u00a0")[:1]
    return f"'{cell}" if begins in FORMULA and begins else cell


def as_file(rows: Iterable[Sequence[str]], *, name: str) -> FileResponse:
    """
    Return rows as a file to save, written before the answer begins: the tenant is left after it.

    Memory does not grow with the number of rows. The caller has made the cells `harmless`.
    """
    # Deleted by itself.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    # The mark tells spreadsheets that this is UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(rows)
    text.detach()
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv")
    response["Cache-Control"] = "private, no-store"
    return response
