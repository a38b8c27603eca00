"""SavedMapping: how the columns of one system's files are to be read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class SavedMapping(Record):
    """
    A mapping kept for the next file of the same system.

    `columns` names the header of each of our fields, `codes` what the values of coded columns
    stand for, by our field.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    columns: Any = models.JSONField(default=dict)
    codes: Any = models.JSONField(default=dict)

    objects = models.Manager()

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
