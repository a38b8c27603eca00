"""The import itself, chunk by chunk behind its checkpoint; a chunk is in the book whole or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.services import recording
from migration_import.choices import ROW_TO_RUN, RowStatus, Severity
from migration_import.models import FileImport, ImportProblem, ImportRow
from migration_import.services.checking.book import against_the_book, without_product
from migration_import.services.checking.cells import Problem
from migration_import.services.checking.stretch import note_problems
from migration_import.services.making import make_records
from migration_import.services.stretches import Superseded, Work

_PREFIX = "NOW_"
_FOUND_HERE = (
    "NOW_DUPLICATE_CUSTOMER",
    "NOW_DUPLICATE_ERP_NUMBER",
    "NOW_LOOKALIKE",
    "NOW_OVERLAP",
    "NOW_PRODUCT_GONE",
    "NOW_STANDS_IN_ITS_WAY",
)

Rows = Sequence[tuple[int, Mapping[str, Any]]]


def run_stretch(work: Work) -> None:
    """Import on behind the checkpoint."""
    while _run_chunk(work):
        if work.is_over:
            return
    _finish(work)


@transaction.atomic
def _run_chunk(work: Work) -> bool:
    """Import some rows; return whether there were any."""
    found = work.locked()
    rows: list[Any] = list(
        ImportRow.objects.filter(
            file_import=found, number__gt=found.rows_run, status__in=ROW_TO_RUN
        )
        .order_by("number")
        .values_list("number", "values")[: settings.IMPORT_CHUNK]
    )
    if not rows:
        return False
    ImportProblem.objects.filter(
        file_import=found, number__in=[number for number, _values in rows], code__in=_FOUND_HERE
    ).delete()
    # The book may have moved since the dry run.
    clashes = [one for one in against_the_book(found, rows) if one.severity == Severity.ERROR]
    clashes += without_product(found, rows)
    out = {one.number for one in clashes}
    made: Counter[str] = Counter(found.created)
    clashes += _make(found, [row for row in rows if row[0] not in out], made)
    out |= {one.number for one in clashes}
    note_problems(found, [one._replace(code=f"{_PREFIX}{one.code}"[:30]) for one in clashes])
    mine = ImportRow.objects.filter(
        file_import=found, number__in=[number for number, _values in rows]
    )
    mine.filter(number__in=out).update(status=RowStatus.KEPT_OUT)
    mine.exclude(number__in=out).update(status=RowStatus.DONE)
    moved = FileImport.objects.filter(pk=found.pk, rows_run=found.rows_run).update(
        rows_run=rows[-1][0],
        rows_imported=found.rows_imported + len(rows) - len(out),
        rows_kept_out=found.rows_kept_out + len(out),
        created=dict(made),
    )
    if not moved:
        raise Superseded
    return True


def _make(found: FileImport, rows: Rows, made: Counter[str]) -> list[Problem]:
    """Make the records of the rows; what a constraint keeps out is found by halving."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            new = make_records(found, rows)
    except IntegrityError:
        if len(rows) == 1:
            return [_in_its_way(found, *rows[0])]
        middle = len(rows) // 2
        return _make(found, rows[:middle], made) + _make(found, rows[middle:], made)
    made.update(new)
    return []


def _in_its_way(found: FileImport, number: int, values: Mapping[str, Any]) -> Problem:
    key = "contract_key" if values["contract"] else "account_key"
    return Problem(
        number,
        found.mapping.get(key, -1),
        key,
        Severity.ERROR.value,
        "STANDS_IN_ITS_WAY",
        _("Another record stands in its way."),
        (values["contract"] or {}).get("key", "") or values["key"],
    )


@transaction.atomic
def _finish(work: Work) -> None:
    found = work.locked()
    found.mark_done(at=timezone.now())
    recording.record(
        "migration_import.file.imported",
        subject=found,
        payload={
            "imported": found.rows_imported,
            "kept_out": found.rows_kept_out,
            "created": found.created,
        },
    )
