"""Text files: comma, semicolon or tab separated values in the encodings that systems write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from migration_import.choices import Encoding
from migration_import.services.reading.unreadable import Unreadable


class TextRows:
    """The rows of a text file; `read_part` says how much of the file was read, 0 to 1."""

    def __init__(self, file: BinaryIO, *, encoding: str, delimiter: str, size: int) -> None:
        self._file = file
        self._encoding = encoding
        self._delimiter = delimiter
        self._size = max(size, 1)

    @property
    def read_part(self) -> float:
        """How much of the file was read."""
        return min(1.0, self._file.tell() / self._size)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield number and cells of each row; rows without any text are left out.

        :raises Unreadable: at the first row that this encoding or delimiter does not fit
        """
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding=self._encoding, newline="")
        number = 0
        try:
            lines = (line.replace("\0", "") for line in text)
            for number, cells in enumerate(csv.reader(lines, delimiter=self._delimiter), start=1):
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except UnicodeError as exc:
            raise Unreadable(
                _("Behind row %(row)s a letter is not %(encoding)s: choose another encoding.")
                % {"row": number, "encoding": Encoding(self._encoding).label},
                field="encoding",
            ) from exc
        except csv.Error as exc:
            raise Unreadable(
                _("Behind row %(row)s a quotation mark is not closed, or the delimiter is another.")
                % {"row": number},
                field="delimiter",
            ) from exc
        finally:
            # The file is whoever opened it's to close.
            text.detach()
