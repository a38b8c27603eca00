"""Guess how a file is written: what it is, its encoding, its delimiter, whether it has a header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import BinaryIO

from django.utils.translation import gettext as _

from migration_import.choices import Encoding, FileFormat
from migration_import.services.reading.excel import check_workbook, sheet_names
from migration_import.services.reading.opening import Layout, open_rows
from migration_import.services.reading.unreadable import Unreadable

_DELIMITERS = ";,\t|"
_PIECE = 1 << 20
_HEAD = 64 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF",
    b"MZ", b"{\\rtf", b"BM", b"SQLite format",
)  # fmt: skip
_LIKE_DATA = re.compile(r"^[\d\s.,:/+-]+$|@")


def kind_of(head: bytes) -> FileFormat:
    """
    Return what a file is by its first bytes.

    :raises Unreadable: if it is neither text nor an Excel workbook
    """
    if head.startswith(b"PK\x03\x04"):
        return FileFormat.XLSX
    if head.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file, or a protected one. Save it as .xlsx."))
    if head.startswith(_OTHER_KINDS) or head.lstrip()[:1] == b"<":
        raise Unreadable(_("The file is neither CSV nor Excel. It was not stored."))
    return FileFormat.CSV


def sniff(file: BinaryIO, *, size: int) -> Layout:
    """
    Guess how the file is written; a person may correct it.

    :raises Unreadable: if it is nothing that can be read
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip():
        raise Unreadable(_("The file is empty."))
    if kind_of(head) is FileFormat.XLSX:
        check_workbook(file)
        names = sheet_names(file)
        if not names:
            raise Unreadable(_("The workbook has no sheet."))
        layout = Layout(FileFormat.XLSX, sheet=names[0], size=size)
    else:
        encoding = _encoding(file, head)
        layout = Layout(
            FileFormat.CSV, encoding=encoding, delimiter=_delimiter(head, encoding), size=size
        )
    return layout.with_header(_has_header(file, layout))


def _encoding(file: BinaryIO, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding.UTF_16
    nulls = head.count(b"\0")
    if nulls > len(head) // 5:
        # Letters of western languages have a zero beside each byte.
        odd = head[1::2].count(b"\0")
        return Encoding.UTF_16_LE if odd > nulls // 2 else Encoding.UTF_16_BE
    if nulls:
        raise Unreadable(_("The file is neither CSV nor Excel. It was not stored."))
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return Encoding.WINDOWS_1252
    return Encoding.UTF_8


def _delimiter(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, errors="replace").replace("\0", "")
    lines = text.splitlines(keepends=True)
    # The last one may be cut off.
    sample = "".join(lines[:-1] if len(head) >= _HEAD else lines)
    return max(_DELIMITERS, key=lambda sign: _fitness(sample, sign))


def _fitness(sample: str, delimiter: str) -> tuple[float, int]:
    """Return how evenly the delimiter cuts the lines, and into how many cells."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    if not widths or max(widths) < 2:
        return 0.0, 0
    usual = max(set(widths), key=widths.count)
    return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual


def _has_header(file: BinaryIO, layout: Layout) -> bool:
    with open_rows(file, layout.with_header(False)) as rows:
        try:
            first = next((row.cells for row in rows), [])
        except Unreadable:
            return True
    texts = [cell.strip() for cell in first if cell.strip()]
    return bool(texts) and not any(_LIKE_DATA.search(text) for text in texts)
