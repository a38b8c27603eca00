"""How far an import is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from events.models import Lane
from migration_import.choices import MIGRATION, ImportStatus
from migration_import.models import FileImport, ImportRow

_SHOWN_KINDS = (
    "accounts.Account",
    "accounts.BusinessAgreement",
    "premises.ConnectionObject",
    "premises.Premise",
    "premises.PointOfDelivery",
    "devices.DeviceInfoRecord",
    "contracts.Contract",
    "contracts.ContractItem",
)


@dataclass(frozen=True)
class Progress:
    """An import as its page shows it."""

    file_import: FileImport
    percent: int | None
    done: int
    made: list[tuple[Any, int]]
    trouble: str


def progress_of(file_import: FileImport) -> Progress:
    """Return how far an import is, and what it has made."""
    done = _done(file_import)
    total = file_import.rows_total
    lane = Lane.objects.filter(
        destination=MIGRATION, ordering_key=f"import:{file_import.uuid}"
    ).first()
    return Progress(
        file_import=file_import,
        percent=min(99, done * 100 // total) if total and file_import.is_busy else None,
        done=done,
        made=[
            (apps.get_model(kind)._meta.verbose_name_plural, file_import.created[kind])
            for kind in _SHOWN_KINDS
            if file_import.created.get(kind)
        ],
        trouble=lane.last_error if lane is not None and file_import.is_busy else "",
    )


def _done(file_import: FileImport) -> int:
    if file_import.status == ImportStatus.CHECKING:
        return file_import.rows_good + file_import.rows_bad
    if file_import.status == ImportStatus.RUNNING:
        return file_import.rows_imported + file_import.rows_kept_out
    return file_import.rows_read


def row_of(file_import: FileImport, number: int) -> ImportRow | None:
    """Return a row of the file."""
    return ImportRow.objects.filter(file_import=file_import, number=number).first()
