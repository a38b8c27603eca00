"""ImportRow and ImportedObject: a line of the file, and what was made of it."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from migration_import.choices import RowStatus
from migration_import.models.file_import import FileImport


class ImportRow(models.Model):
    """
    A row of the file as it was read: `raw` is its cells, in the order of the columns.

    `number` is the row's number in a spreadsheet, the header being row 1. `values` is what the dry
    run understood; the keys beside it are what rows are compared by.
    """

    id = models.BigAutoField(primary_key=True)
    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    raw: Any = models.JSONField()
    status = models.CharField(max_length=8, choices=RowStatus.choices, default=RowStatus.READ)
    values: Any = models.JSONField(null=True)
    account_key = models.CharField(max_length=80, blank=True)
    contract_key = models.CharField(max_length=80, blank=True)
    pod_id = models.CharField(max_length=50, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["file_import", "number"], name="import_row_number"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ImportedObject(models.Model):
    """
    A record that an import has made, and the row that it was made of.

    Content types are looked up by name, never from Django's cache, which all tenants share.
    """

    id = models.BigAutoField(primary_key=True)
    file_import = models.ForeignKey(
        FileImport, on_delete=models.PROTECT, related_name="objects_made"
    )
    number = models.PositiveIntegerField(_("row"))
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("imported object")
        verbose_name_plural = _("imported objects")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="import_object_once"
            ),
        ]
        indexes = [
            # what was made of a row
            models.Index(fields=["file_import", "number"], name="import_object_row"),
        ]

    def __str__(self) -> str:
        return f"{self.content_type_id}/{self.object_id}"
