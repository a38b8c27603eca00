"""What was made of a row of a file, and which row a record was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from migration_import.models import FileImport, ImportedObject


@dataclass(frozen=True)
class MadeObject:
    """A record that was made of a row."""

    kind: Any
    label: str
    model: str
    uuid: Any


def objects_of_row(file_import: FileImport, number: int) -> list[MadeObject]:
    """Return the records that were made of a row."""
    links = (
        ImportedObject.objects.filter(file_import=file_import, number=number)
        .select_related("content_type")
        .order_by("id")
    )
    found = []
    for link in links:
        model = link.content_type.model_class()
        record = model._base_manager.filter(pk=link.object_id).first() if model else None
        if model is not None and record is not None:
            found.append(
                MadeObject(
                    kind=model._meta.verbose_name,
                    label=str(record),
                    model=model._meta.label_lower,
                    uuid=getattr(record, "uuid", None),
                )
            )
    return found


def source_of(record: models.Model) -> ImportedObject | None:
    """Return the row that a record was made of, with its file; None if it was made here."""
    return (
        ImportedObject.objects.filter(
            content_type__app_label=record._meta.app_label,
            content_type__model=record._meta.model_name,
            object_id=record.pk,
        )
        .select_related("file_import")
        .first()
    )
