"""Excel files, sheet by sheet, by openpyxl's read-only mode."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from migration_import.services.reading.unreadable import Unreadable

MOST_MEMBERS = 2_000
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_TEXTS = 128 * 1024 * 1024
"""Bytes of the shared texts of a workbook, which have to be in memory."""

MOST_RATIO = 200
"""A sheet packs to a tenth; what packs to less than a two-hundredth is a trap."""

_DAMAGED = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, ParseError, OSError,
    AttributeError, IndexError, OverflowError, XMLSyntaxError,
)  # fmt: skip


def check_workbook(file: BinaryIO) -> None:
    """
    Refuse what unpacks to far more than it may, and what carries programs or entities.

    :raises Unreadable: with what is wrong
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_sizes(members)
            names = {one.filename for one in members}
            if "xl/workbook.xml" not in names:
                raise Unreadable(_("The file is not an Excel workbook (.xlsx)."))
            if any(name.lower().endswith((".bin", ".exe", ".js", ".vbs")) for name in names):
                raise Unreadable(_("The workbook carries macros or programs. Save it as .xlsx."))
            for one in members:
                if one.filename.endswith((".xml", ".rels")):
                    with archive.open(one) as member:
                        if b"<!DOCTYPE" in member.read(65_536).upper():
                            raise Unreadable(_("The workbook is damaged."))
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError) as exc:
        raise Unreadable(_("The workbook is damaged, or protected by a password.")) from exc
    finally:
        file.seek(0)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(one.file_size for one in members)
    packed = sum(one.compress_size for one in members) or 1
    texts = sum(one.file_size for one in members if one.filename == "xl/sharedStrings.xml")
    if (
        len(members) > MOST_MEMBERS
        or unpacked > MOST_UNPACKED
        or texts > MOST_TEXTS
        or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MOST_RATIO)
    ):
        raise Unreadable(_("The file unpacks to far more than it may. It was not stored."))


def sheet_names(file: BinaryIO) -> list[str]:
    """
    Return the names of the workbook's sheets.

    :raises Unreadable: if it is damaged
    """
    book = _open(file)
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()
        file.seek(0)


class ExcelRows:
    """The rows of a sheet as texts, dates in ISO."""

    def __init__(self, file: BinaryIO, *, sheet: str) -> None:
        self._file = file
        self._sheet = sheet
        self._number = 0
        self._expected = 0

    @property
    def read_part(self) -> float:
        """How much of the sheet was read, by the number of rows that it claims."""
        return min(1.0, self._number / self._expected) if self._expected else 0.0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield number and cells of each row; rows without any text are left out.

        :raises Unreadable: if the sheet is gone or damaged
        """
        self._file.seek(0)
        book = _open(self._file)
        try:
            found = {sheet.title: sheet for sheet in book.worksheets}
            if self._sheet not in found:
                raise Unreadable(_("The sheet is not in the workbook."), field="sheet")
            sheet = found[self._sheet]
            self._expected = sheet.max_row or 0
            for number, texts in _rows(sheet):
                self._number = number
                if any(texts):
                    yield number, texts
        except _DAMAGED as exc:
            raise Unreadable(
                _("Behind row %(row)s the workbook is damaged.") % {"row": self._number}
            ) from exc
        finally:
            book.close()


def _open(file: BinaryIO) -> Any:
    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except _DAMAGED as exc:
        raise Unreadable(_("The workbook is damaged, or protected by a password.")) from exc


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the sheet's rows as texts, as far as each goes."""
    # what a sheet says of its size is often the whole grid: rows are read as they are
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = ["" if cell is None else _text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        yield number, texts


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return (cell.date() if cell.time() == dt.time() else cell).isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
