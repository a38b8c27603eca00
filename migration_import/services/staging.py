"""Read a file into the table of its rows, by COPY, chunk by chunk."""

from __future__ import annotations

import itertools
import json

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from events.services import recording
from migration_import.choices import RowStatus
from migration_import.models import FileImport, ImportProblem, ImportRow
from migration_import.services.reading import Row, Unreadable, column_names, open_rows
from migration_import.services.stretches import Superseded, Work
from migration_import.services.uploading import layout_of, open_stored
from utilcrm.db.copying import copy_into

CHUNK = 5000
_COLUMNS = {
    "file_import_id": "bigint",
    "number": "integer",
    "raw": "jsonb",
    "status": "text",
    "account_key": "text",
    "contract_key": "text",
    "pod_id": "text",
}


def read_stretch(work: Work) -> None:
    """
    Read on behind the last row that is stored.

    :raises Unreadable: if the file cannot be read as its layout says
    """
    with transaction.atomic():
        found = work.locked()
        if found.rows_read == 0:
            ImportProblem.objects.filter(file_import=found).delete()
            ImportRow.objects.filter(file_import=found).delete()
        last = ImportRow.objects.filter(file_import=found).aggregate(last=Max("number"))["last"]
    layout = layout_of(found)
    with open_stored(found) as file:
        columns = column_names(file, layout)
        with open_rows(file, layout) as rows:
            behind = (row for row in rows if row.number > (last or 0))
            while chunk := list(itertools.islice(behind, CHUNK)):
                _store(work, chunk, columns, read_before=found.rows_read, part=rows.read_part)
                found.rows_read += len(chunk)
                if work.is_over:
                    return
    _finish(work, columns)


@transaction.atomic
def _store(
    work: Work, chunk: list[Row], columns: list[str], *, read_before: int, part: float
) -> None:
    found = work.locked()
    if found.rows_read != read_before:
        raise Superseded
    copy_into(
        ImportRow._meta.db_table,
        _COLUMNS,
        (
            (
                found.pk,
                row.number,
                json.dumps(row.cells, ensure_ascii=False),
                RowStatus.READ.value,
                "",
                "",
                "",
            )
            for row in chunk
        ),
    )
    count = read_before + len(chunk)
    FileImport.objects.filter(pk=found.pk).update(
        rows_read=count,
        rows_total=max(count, int(count / part) if part else count),
        columns=columns,
    )


@transaction.atomic
def _finish(work: Work, columns: list[str]) -> None:
    found = work.locked()
    if found.rows_read == 0:
        raise Unreadable(_("The file has no row of data."))
    found.columns = columns
    found.mark_read()
    recording.record(
        "migration_import.file.read",
        subject=found,
        payload={"rows": found.rows_total, "columns": len(columns)},
    )
