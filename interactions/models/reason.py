"""Why customers call."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.choices import DefaultReason


class Reason(models.Model):
    """A node of the two-level tree of reasons; contacts name a leaf."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=30, unique=True)
    own_label = models.CharField(
        max_length=80, blank=True, help_text=_("Replaces the default wording.")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The wording: the tenant's own, or the default one in the reader's language."""
        if self.own_label:
            return self.own_label
        if self.code in DefaultReason.values:
            return str(DefaultReason(self.code).label)
        return self.code
