"""The key that the utility seals its documents with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class SealKey(Record):
    """
    A certificate (PEM) and its private key, encrypted with the installation's secret.

    One key is current; older certificates stay, because documents sealed with them stay.
    """

    certificate = models.TextField()
    private_key = models.TextField(editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("seal key")
        verbose_name_plural = _("seal keys")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="correspondence_one_current_seal_key",
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint[:16]
