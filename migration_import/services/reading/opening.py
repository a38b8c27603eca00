"""Open a file the way its layout says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from migration_import.choices import FileFormat
from migration_import.choices.letters import column_letter
from migration_import.services.reading.excel import ExcelRows, sheet_names
from migration_import.services.reading.text import TextRows
from migration_import.services.reading.unreadable import Unreadable

MOST_ROWS = 250_000
MOST_EXCEL_ROWS = 100_000
MOST_COLUMNS = 200
_SHOWN = 12
# What UTF-8 looks like when it is read as Windows-1252.
_GARBLED = ("Ã¤", "Ã¶", "Ã¼", "ÃŸ", "Ã©", "Ã¡", "Ã±", "Ã¸", "Ã¥", "Ã¦", "â€")


@dataclass(frozen=True)
class Layout:
    """How a file is written."""

    file_format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    has_header: bool = True
    size: int = 1

    def with_header(self, has_header: bool) -> Layout:
        """Return the same layout, with the first row naming the columns or not."""
        return replace(self, has_header=has_header)


class Row(NamedTuple):
    """A row of data under its number in a spreadsheet."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file, as it would be read."""

    columns: list[str]
    rows: list[Row]
    sheets: list[str]
    looks_garbled: bool


class Rows:
    """The rows of data of a file, the header left out."""

    def __init__(self, source: TextRows | ExcelRows, *, has_header: bool) -> None:
        self._source = source
        self._has_header = has_header
        self._most = MOST_EXCEL_ROWS if isinstance(source, ExcelRows) else MOST_ROWS

    @property
    def read_part(self) -> float:
        """How much of the file was read, 0 to 1."""
        return self._source.read_part

    def __iter__(self) -> Iterator[Row]:
        """
        Yield the rows.

        :raises Unreadable: where the file cannot be read like this, or is longer than it may be
        """
        for count, (number, cells) in enumerate(self._source):
            if count == 0 and self._has_header:
                continue
            if count > self._most:
                raise Unreadable(
                    _("The file has more than %(limit)s rows: split it, or save it as CSV.")
                    % {"limit": self._most}
                )
            yield Row(number, cells)


@contextmanager
def open_rows(file: BinaryIO, layout: Layout) -> Iterator[Rows]:
    """Read the rows of data of an open file."""
    source: TextRows | ExcelRows
    if layout.file_format == FileFormat.XLSX:
        source = ExcelRows(file, sheet=layout.sheet)
    else:
        source = TextRows(
            file, encoding=layout.encoding, delimiter=layout.delimiter, size=layout.size
        )
    yield Rows(source, has_header=layout.has_header)


def column_names(file: BinaryIO, layout: Layout) -> list[str]:
    """
    Return the names of the columns: the header's, or letters as spreadsheets have them.

    :raises Unreadable: if the file has no row, or too many columns
    """
    with open_rows(file, layout.with_header(False)) as rows:
        first = next(iter(rows), None)
    if first is None:
        raise Unreadable(_("The file has no rows."))
    cells = [" ".join(cell.split())[:80] for cell in first.cells]
    if layout.has_header:
        while cells and not cells[-1]:
            cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            _("The file has more than %(limit)s columns.") % {"limit": MOST_COLUMNS},
            field="delimiter",
        )
    if layout.has_header:
        return [
            cell or _("Column %(letter)s") % {"letter": column_letter(n)}
            for n, cell in enumerate(cells)
        ]
    return [_("Column %(letter)s") % {"letter": column_letter(n)} for n in range(len(cells))]


def preview(file: BinaryIO, layout: Layout) -> Preview:
    """
    Return the beginning of the file, read like this.

    :raises Unreadable: if its beginning cannot be read
    """
    columns = column_names(file, layout)
    with open_rows(file, layout) as rows:
        shown = list(itertools.islice(rows, _SHOWN))
    text = " ".join(cell for row in shown for cell in row.cells)
    is_excel = layout.file_format == FileFormat.XLSX
    return Preview(
        columns=columns,
        rows=shown,
        sheets=sheet_names(file) if is_excel else [],
        looks_garbled=any(sign in text for sign in _GARBLED),
    )
