"""
The handler of the destination ``migration``: an import goes on in stretches of some seconds.

Each stretch works chunk by chunk; a chunk is a transaction that moves the checkpoint, so a worker
that is killed loses one chunk, and the next one goes on behind it. When the stretch is over the
next message is enqueued in the transaction that finishes this one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.services.handling import Done, Envelope, Handler, Outcome
from events.services.outbox import enqueue
from migration_import.choices import BUSY, MIGRATION, ImportStatus
from migration_import.models import FileImport
from migration_import.services.checking import check_stretch
from migration_import.services.reading import Unreadable
from migration_import.services.running import run_stretch
from migration_import.services.staging import read_stretch
from migration_import.services.stretches import Superseded, Work
from tenants.queries import current_profile

logger = structlog.get_logger(__name__)

BUDGET = 12.0
"""Seconds of a stretch; the last chunk may take it some seconds further."""

EXCEL_BUDGET = 90.0
"""Seconds of reading a workbook, which can be read from its beginning only."""

_STEPS = {
    ImportStatus.READING: read_stretch,
    ImportStatus.CHECKING: check_stretch,
    ImportStatus.RUNNING: run_stretch,
}


class StepHandler(Handler):
    """Works on an import for some seconds."""

    kinds: ClassVar[Mapping[str, Any]] = {"stretch": gettext_lazy("Import a stretch of a file")}

    def deliver(self, envelope: Envelope) -> Outcome:
        """Work on it, unless it was stopped; what fails for good is told on the import."""
        found = FileImport.objects.filter(uuid=envelope.payload["import"]).first()
        if found is None or not _is_current(found, envelope):
            return Done()
        work = Work(found.pk, found.status, found.stretch, time.monotonic() + _budget(found))
        profile = current_profile()
        with timezone.override(profile.time_zone), translation.override(profile.language):
            try:
                _STEPS[ImportStatus(found.status)](work)
            except Superseded:
                logger.info("import_superseded", file_import=str(found.uuid))
            except Unreadable as exc:
                _fail(work, str(exc))
            except (OperationalError, InterfaceError):
                # the database is away or was in a deadlock: this passes
                raise
            except Exception as exc:
                logger.exception("import_failed", file_import=str(found.uuid))
                _fail(work, _("An error of our own: %(error)s") % {"error": exc})
        return Done()

    def query(self, envelope: Envelope) -> Outcome:
        """Go on after the worker died: every chunk is in the book whole, or not at all."""
        return self.deliver(envelope)

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Ask for the next stretch."""
        found = FileImport.objects.filter(uuid=envelope.payload["import"]).first()
        if found is not None and _is_current(found, envelope):
            enqueue_stretch(found)


def enqueue_stretch(file_import: FileImport) -> None:
    """Ask a worker to go on with an import; the last statement of the transaction."""
    enqueue(
        destination=MIGRATION,
        ordering_key=f"import:{file_import.uuid}",
        kind="stretch",
        payload={"import": str(file_import.uuid), "stretch": file_import.stretch},
    )


def _budget(found: FileImport) -> float:
    is_workbook = found.status == ImportStatus.READING and not found.is_text
    return EXCEL_BUDGET if is_workbook else BUDGET


def _is_current(found: FileImport, envelope: Envelope) -> bool:
    return found.status in BUSY and found.stretch == envelope.payload["stretch"]


@transaction.atomic
def _fail(work: Work, reason: str) -> None:
    work.locked().mark_failed(reason=reason)
