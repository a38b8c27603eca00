"""What a person does with an import: read, map, check, run, stop, discard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from events.services import recording
from migration_import.choices import ImportStatus
from migration_import.models import FileImport, ImportProblem, ImportRow
from migration_import.services.reading import Layout, column_names
from migration_import.services.stepping import enqueue_stretch
from migration_import.services.uploading import open_stored
from utilcrm.states import IllegalTransition


class NotNow(Exception):
    """The import is in a state in which this cannot be done."""


def _lock(file_import: FileImport, version: int | None) -> FileImport:
    found = FileImport.objects.select_for_update().get(pk=file_import.pk)
    return found.require_version(version)


def _record(verb: str, found: FileImport, actor: Any, **payload: Any) -> None:
    recording.record(
        f"migration_import.file.{verb}", subject=found, actor=actor, payload=dict(payload)
    )


@transaction.atomic
def start_reading(
    *, file_import: FileImport, layout: Layout, actor: Any, version: int | None = None
) -> FileImport:
    """
    Read the file the way a person says it is written; what was read before is forgotten.

    :raises NotNow: while a worker has it in hand, or something of it is imported
    :raises migration_import.services.reading.Unreadable: if its first row cannot be read like that
    """
    found = _lock(file_import, version)
    if found.has_imported:
        raise NotNow(_("Something of this file is imported already."))
    with open_stored(found) as file:
        columns = column_names(file, layout)
    if columns != found.columns:
        found.mapping, found.codes = {}, {}
    found.columns = columns
    found.encoding, found.delimiter = layout.encoding, layout.delimiter
    found.sheet, found.has_header = layout.sheet, layout.has_header
    found.save()
    _begin(found, found.mark_reading)
    _record("reading_started", found, actor, encoding=found.encoding, sheet=found.sheet)
    enqueue_stretch(found)
    return found


@transaction.atomic
def set_mapping(
    *,
    file_import: FileImport,
    mapping: Mapping[str, int],
    codes: Mapping[str, Mapping[str, str]],
    allows_lookalikes: bool,
    actor: Any,
    version: int | None = None,
) -> FileImport:
    """
    Store which column is which field; what an earlier dry run found does not count any more.

    :raises NotNow: while a worker has it in hand, or something of it is imported
    """
    found = _lock(file_import, version)
    if found.is_busy or found.has_imported or not found.has_rows:
        raise NotNow(_("The columns can be mapped between reading and importing."))
    found.mapping, found.codes = dict(mapping), dict(codes)
    found.allows_lookalikes = allows_lookalikes
    found.save_changes("mapping", "codes", "allows_lookalikes")
    if found.status != ImportStatus.READ:
        _begin(found, found.mark_unchecked)
    _record("mapped", found, actor, fields=sorted(mapping))
    return found


@transaction.atomic
def start_check(*, file_import: FileImport, actor: Any, version: int | None = None) -> FileImport:
    """
    Start the dry run: nothing is imported.

    :raises NotNow: if the file is not read and mapped
    """
    found = _lock(file_import, version)
    if not found.mapping or not found.has_rows:
        raise NotNow(_("Map the columns first."))
    _begin(found, found.mark_checking)
    _record("check_started", found, actor)
    enqueue_stretch(found)
    return found


@transaction.atomic
def start_run(*, file_import: FileImport, actor: Any, version: int | None = None) -> FileImport:
    """
    Import every row that the dry run found good, or go on behind the checkpoint.

    Nothing of it is told to the ERP, to the market or to the customers.

    :raises NotNow: if the dry run is not done, or found no good row
    """
    found = _lock(file_import, version)
    if not found.can_run:
        raise NotNow(_("No row can be imported: mend the file, or map its columns anew."))
    anew = found.status in {ImportStatus.CHECKED, ImportStatus.DONE}
    _begin(found, lambda: found.mark_running(anew=anew))
    _record("run_started", found, actor, rows=found.rows_good)
    enqueue_stretch(found)
    return found


@transaction.atomic
def stop(*, file_import: FileImport, actor: Any) -> FileImport:
    """
    Stop the dry run or the import behind the chunk at hand; what is imported stays.

    :raises NotNow: if nothing is under way that can be stopped
    """
    found = _lock(file_import, None)
    is_running = found.status == ImportStatus.RUNNING
    mutator = found.mark_stopped if is_running else found.mark_unchecked
    _begin(found, mutator)
    _record("stopped", found, actor)
    return found


@transaction.atomic
def discard(*, file_import: FileImport, actor: Any, version: int | None = None) -> FileImport:
    """
    Forget the file with all its rows.

    :raises NotNow: while a worker has it in hand, or something of it is imported
    """
    found = _lock(file_import, version)
    if found.has_imported:
        raise NotNow(_("Something of this file is imported already."))
    stored = found.stored_name
    _begin(found, found.mark_discarded)
    ImportProblem.objects.filter(file_import=found).delete()
    ImportRow.objects.filter(file_import=found).delete()
    transaction.on_commit(lambda: default_storage.delete(stored), robust=True)
    _record("discarded", found, actor)
    return found


def _begin(found: FileImport, mutator: Any) -> None:
    try:
        mutator()
    except IllegalTransition as exc:
        raise NotNow(
            _("This is not possible while the import is “%(status)s”.")
            % {"status": found.get_status_display()}
        ) from exc
