"""The report of a dry run: what is wrong, counted and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from migration_import.choices import BY_KEY, Severity
from migration_import.models import FileImport, ImportProblem

CODE_LABELS: dict[str, Any] = {
    "MISSING": gettext_lazy("Value missing"),
    "INVALID": gettext_lazy("Check failed"),
    "UNREADABLE": gettext_lazy("Date or number not readable"),
    "TOO_LONG": gettext_lazy("Too long"),
    "TOO_MANY_CELLS": gettext_lazy("Too many cells"),
    "CODE_UNKNOWN": gettext_lazy("Value without a meaning"),
    "IMPOSSIBLE": gettext_lazy("Not plausible"),
    "PERIOD": gettext_lazy("Ends before it starts"),
    "PRODUCT_UNKNOWN": gettext_lazy("Product unknown"),
    "PRODUCT_NOT_ON_SALE": gettext_lazy("Product not on sale at the start"),
    "OTHER_DIVISION": gettext_lazy("Product of the other division"),
    "OTHER_SEGMENT": gettext_lazy("Product of the other segment"),
    "NO_EMAIL": gettext_lazy("E-mail address missing"),
    "DUPLICATE_KEY": gettext_lazy("Number twice in the file"),
    "OTHER_CUSTOMER": gettext_lazy("Customer differs from row to row"),
    "OTHER_PLACE": gettext_lazy("Place differs from row to row"),
    "DUPLICATE_CUSTOMER": gettext_lazy("Customer is here already"),
    "DUPLICATE_ERP_NUMBER": gettext_lazy("ERP number is taken"),
    "LOOKALIKE": gettext_lazy("Similar customer"),
    "OVERLAP": gettext_lazy("Periods overlap"),
    "ALREADY_HERE": gettext_lazy("Imported already"),
    "NOW_DUPLICATE_CUSTOMER": gettext_lazy("Customer has come in since"),
    "NOW_DUPLICATE_ERP_NUMBER": gettext_lazy("ERP number was taken since"),
    "NOW_LOOKALIKE": gettext_lazy("Similar customer has come in since"),
    "NOW_OVERLAP": gettext_lazy("Point of delivery was taken since"),
    "NOW_PRODUCT_GONE": gettext_lazy("Product is gone since"),
    "NOW_STANDS_IN_ITS_WAY": gettext_lazy("Another record stands in its way"),
}


@dataclass(frozen=True)
class Kind:
    """How many rows have one problem in one column."""

    code: str
    label: Any
    column: int
    place: str
    severity: str
    count: int


def problems_of(file_import: FileImport) -> QuerySet[ImportProblem]:
    """Return what is wrong in a file."""
    return ImportProblem.objects.filter(file_import=file_import)


def kinds_of_problems(file_import: FileImport) -> list[Kind]:
    """Return the kinds of problems, the commonest first."""
    rows = (
        problems_of(file_import)
        .values("code", "column", "field", "severity")
        .annotate(count=Count("id"))
        .order_by("severity", "-count", "code", "column")
    )
    return [
        Kind(
            code=row["code"],
            label=CODE_LABELS.get(row["code"], row["code"]),
            column=row["column"],
            place=place_of(file_import, row["column"], row["field"]),
            severity=Severity(row["severity"]).value,
            count=row["count"],
        )
        for row in rows
    ]


def columns_with_problems(file_import: FileImport) -> list[tuple[int, str]]:
    """Return the columns in which something is wrong, in the order of the file."""
    rows = problems_of(file_import).order_by("column").values_list("column", flat=True).distinct()
    return [(column, place_of(file_import, column)) for column in rows]


def place_of(file_import: FileImport, column: int, field: str = "") -> str:
    """Return a column's name in the file; for a whole row our field's, if it is about one."""
    if 0 <= column < len(file_import.columns):
        return str(file_import.columns[column])
    return str(BY_KEY[field].label) if field in BY_KEY else _("Whole row")
