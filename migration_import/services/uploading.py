"""Take a file in: check what it is, store it privately, guess how it is written."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from events.services import recording
from migration_import.models import FileImport
from migration_import.services.reading import Layout, Unreadable, column_names, sniff
from utilcrm.db.models import new_uuid
from utilcrm.db.tenancy import current_schema

MOST_BYTES = 64 * 1024 * 1024
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class UploadRefused(Exception):
    """The file is not taken; the text says why."""

    field = "file"


def take_file(*, file: Any, source_system: str, actor: Any) -> FileImport:
    """
    Check an uploaded file by its content, store it in the tenant's folder and begin an import.

    :raises UploadRefused: if it is too big, or nothing that can be read
    """
    if file.size > MOST_BYTES:
        raise UploadRefused(
            _("The file is bigger than %(limit)s MB: split it.")
            % {"limit": MOST_BYTES // 1024 // 1024}
        )
    digest = hashlib.sha256()
    rest = b""
    for piece in file.chunks():
        digest.update(piece)
        if _EICAR in rest + piece:
            raise UploadRefused(_("The file carries a virus signature and was not stored."))
        rest = piece[-len(_EICAR) :]
    try:
        layout = sniff(file, size=file.size)
        columns = _columns(file, layout)
    except Unreadable as exc:
        raise UploadRefused(str(exc)) from exc
    return _begin(
        file=file,
        layout=layout,
        columns=columns,
        sha256=digest.hexdigest(),
        source_system=source_system,
        actor=actor,
    )


def _columns(file: Any, layout: Layout) -> list[str]:
    try:
        return column_names(file, layout)
    except Unreadable as exc:
        if exc.field == "file":
            raise
        # A person corrects the encoding or the delimiter on the next screen.
        return []


@transaction.atomic
def _begin(
    *, file: Any, layout: Layout, columns: list[str], sha256: str, source_system: str, actor: Any
) -> FileImport:
    uuid = new_uuid()
    file.seek(0)
    stored = default_storage.save(f"{current_schema()}/import-{uuid}", File(file))
    made = FileImport.objects.create(
        uuid=uuid,
        file_name=_clean_name(file.name),
        stored_name=stored,
        size=file.size,
        sha256=sha256,
        file_format=layout.file_format,
        source_system=" ".join(source_system.split()),
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        sheet=layout.sheet,
        has_header=layout.has_header,
        columns=columns,
        created_by_id=getattr(actor, "pk", None),
        created_by_name=str(actor)[:150] if actor else "",
    )
    recording.record(
        "migration_import.file.uploaded",
        subject=made,
        actor=actor,
        payload={"size": made.size, "sha256": sha256, "source_system": made.source_system},
    )
    return made


def _clean_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return (clean or "import")[-120:]


@contextmanager
def open_stored(file_import: FileImport) -> Iterator[BinaryIO]:
    """Open the stored file of an import."""
    with default_storage.open(file_import.stored_name, "rb") as file:
        yield cast("BinaryIO", file)


def layout_of(file_import: FileImport) -> Layout:
    """Return how the file of an import is read."""
    return Layout(
        file_format=file_import.file_format,
        encoding=file_import.encoding,
        delimiter=file_import.delimiter,
        sheet=file_import.sheet,
        has_header=file_import.has_header,
        size=file_import.size,
    )
