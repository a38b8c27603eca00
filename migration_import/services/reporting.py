"""The report as a file: the rows that were kept out, as they came, with what is wrong."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from migration_import.choices import RowStatus
from migration_import.models import FileImport, ImportProblem, ImportRow

_CHUNK = 1000


def write_report(file_import: FileImport, target: Any) -> None:
    """
    Write the bad rows in the shape of the input, and a last column that says what is wrong.

    Cells are as they came: mended, the file can be uploaded again. UTF-8 with a mark, which Excel
    wants; memory stays flat.
    """
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=file_import.delimiter or ";", lineterminator="\r\n")
    width = len(file_import.columns)
    writer.writerow([*file_import.columns, _("Error")])
    for rows in _chunks(file_import):
        reasons = _reasons(file_import, [number for number, _raw in rows])
        for number, raw in rows:
            cells = [*raw[:width], *[""] * (width - len(raw))]
            writer.writerow([*cells, " | ".join(reasons.get(number, []))])
    text.detach()


def _chunks(file_import: FileImport) -> Iterator[list[tuple[int, list[str]]]]:
    last = 0
    while chunk := list(
        ImportRow.objects.filter(
            file_import=file_import,
            number__gt=last,
            status__in=(RowStatus.BAD, RowStatus.KEPT_OUT),
        )
        .order_by("number")
        .values_list("number", "raw")[:_CHUNK]
    ):
        yield chunk
        last = chunk[-1][0]


def _reasons(file_import: FileImport, numbers: list[int]) -> dict[int, list[str]]:
    found = (
        ImportProblem.objects.filter(file_import=file_import, number__in=numbers)
        .order_by("number", "column", "id")
        .values_list("number", "column", "reason")
    )
    names = file_import.columns
    return {
        number: [
            f"{names[column]}: {reason}" if 0 <= column < len(names) else reason
            for _number, column, reason in some
        ]
        for number, some in itertools.groupby(found, key=lambda one: one[0])
    }
