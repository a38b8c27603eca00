"""Where an import is on its way, as the head of its pages shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from migration_import.choices import ImportStatus
from migration_import.models import FileImport

PERMISSION = "migration_import.run_import"

_S = ImportStatus
_AT = {
    _S.UPLOADED: 1,
    _S.READING: 1,
    _S.READ: 2,
    _S.CHECKING: 3,
    _S.CHECKED: 4,
    _S.RUNNING: 4,
    _S.STOPPED: 4,
    _S.DONE: 5,
}


def steps_of(found: FileImport, *, current: int | None = None) -> list[dict[str, Any]]:
    """Return the steps with their states; those that can be gone back to carry an address."""
    at = _AT.get(ImportStatus(found.status), 0) if current is None else current
    can_change = not found.is_busy and not found.has_imported
    labels = (
        (_("Upload"), ""),
        (_("How it is written"), "layout" if can_change else ""),
        (_("Columns"), "columns" if can_change and found.has_rows else ""),
        (_("Dry run"), "detail"),
        (_("Import"), "detail"),
    )
    return [
        {
            "label": label,
            "state": "done" if position < at else "current" if position == at else "todo",
            "url": reverse(f"migration_import:{name}", args=[found.uuid])
            if name and position < at
            else "",
        }
        for position, (label, name) in enumerate(labels)
    ]
