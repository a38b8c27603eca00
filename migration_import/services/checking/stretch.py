"""The dry run, chunk by chunk behind its checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.services import recording
from migration_import.choices import RowStatus, Severity
from migration_import.models import FileImport, ImportProblem, ImportRow
from migration_import.services.checking.book import against_the_book
from migration_import.services.checking.cells import Cells, OurProduct, Problem, Terms
from migration_import.services.checking.rules import understand
from migration_import.services.checking.within_file import compare_rows
from migration_import.services.stretches import Superseded, Work
from products.models import Product
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm import clock
from utilcrm.db.copying import copy_into
from utilcrm.db.staging import Staging, run

_UNDERSTOOD = {
    "id": "bigint",
    "status": "text",
    "values": "jsonb",
    "account_key": "text",
    "contract_key": "text",
    "pod_id": "text",
    "starts_on": "date",
    "ends_on": "date",
}
_PROBLEM = {
    "file_import_id": "bigint",
    "number": "integer",
    "column": "smallint",
    "field": "text",
    "severity": "text",
    "code": "text",
    "reason": "text",
    "value": "text",
}


def check_stretch(work: Work) -> None:
    """Check on behind the checkpoint; the rows against each other when all are understood."""
    with transaction.atomic():
        found = work.locked()
        if found.rows_checked == 0:
            ImportProblem.objects.filter(file_import=found).delete()
    terms = terms_of(found)
    while _check_chunk(work, terms):
        if work.is_over:
            return
    _finish(work)


def terms_of(file_import: FileImport) -> Terms:
    """Return what the cells of an import are read by."""
    profile = current_profile()
    return Terms(
        market=profile.market,
        region=profile.phone_region,
        language=profile.language[:2],
        mapping=file_import.mapping,
        codes=file_import.codes,
        today=clock.today(),
        width=len(file_import.columns),
        products={
            code: OurProduct(*facts)
            for code, *facts in Product.objects.values_list("code", *OurProduct._fields)
        },
        meters_are_typed=typed_meter_data_allowed(profile),
    )


@transaction.atomic
def _check_chunk(work: Work, terms: Terms) -> bool:
    """Check some rows; return whether there were any."""
    found = work.locked()
    rows = list(
        ImportRow.objects.filter(file_import=found, number__gt=found.rows_checked)
        .order_by("number")
        .values_list("id", "number", "raw")[: settings.IMPORT_CHUNK]
    )
    if not rows:
        return False
    understood: list[tuple[int, int, dict[str, Any]]] = []
    problems: list[Problem] = []
    for pk, number, raw in rows:
        cells = Cells(number, raw, terms)
        understood.append((pk, number, understand(cells)))
        problems += cells.problems
    problems += against_the_book(found, [(number, values) for _pk, number, values in understood])
    bad = {one.number for one in problems if one.severity == Severity.ERROR}
    _store(understood, bad)
    note_problems(found, problems)
    moved = FileImport.objects.filter(pk=found.pk, rows_checked=found.rows_checked).update(
        rows_checked=rows[-1][1],
        rows_bad=found.rows_bad + len(bad),
        rows_good=found.rows_good + len(rows) - len(bad),
    )
    if not moved:
        raise Superseded
    return True


def _store(understood: list[tuple[int, int, dict[str, Any]]], bad: set[int]) -> None:
    staging = Staging("import_understood", _UNDERSTOOD)
    staging.fill(_line(pk, values, is_bad=number in bad) for pk, number, values in understood)
    run(
        """
        UPDATE migration_import_importrow r
        SET status = s.status, values = s.values, account_key = s.account_key,
            contract_key = s.contract_key, pod_id = s.pod_id, starts_on = s.starts_on,
            ends_on = s.ends_on
        FROM pg_temp.import_understood s WHERE r.id = s.id
        """
    )


def _line(pk: int, values: dict[str, Any], *, is_bad: bool) -> tuple[Any, ...]:
    contract, site = values["contract"] or {}, values["site"] or {}
    return (
        pk,
        (RowStatus.BAD if is_bad else RowStatus.GOOD).value,
        json.dumps(values, ensure_ascii=False),
        values["key"],
        contract.get("key", ""),
        site.get("pod_id", ""),
        contract.get("starts_on"),
        contract.get("ends_on"),
    )


def note_problems(file_import: FileImport, problems: Iterable[Problem]) -> None:
    """COPY problems into their table."""
    copy_into(
        ImportProblem._meta.db_table,
        _PROBLEM,
        ((file_import.pk, *one) for one in problems),
    )


@transaction.atomic
def _finish(work: Work) -> None:
    found = work.locked()
    compare_rows(found)
    rows = ImportRow.objects.filter(file_import=found)
    good = rows.filter(status=RowStatus.GOOD).count()
    warned = (
        ImportProblem.objects.filter(file_import=found, severity=Severity.WARNING)
        .values("number")
        .distinct()
        .count()
    )
    found.mark_checked(good=good, bad=found.rows_total - good, warned=warned, at=timezone.now())
    recording.record(
        "migration_import.file.checked",
        subject=found,
        payload={"good": good, "bad": found.rows_bad, "warned": warned},
    )
