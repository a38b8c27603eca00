"""What can come of a contact, in a tenant's own words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.choices import Result


class ContactResult(models.Model):
    """
    One result that agents may choose; contacts name its code.

    `needs_follow_up`: it cannot be chosen unless somebody has promised the customer something.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    own_label = models.CharField(
        _("wording"), max_length=80, blank=True, help_text=_("Replaces the default wording.")
    )
    needs_follow_up = models.BooleanField(_("needs a follow-up"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        permissions = [("edit_wrap_up", "May set what agents choose when they close a contact")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The wording: the tenant's own, or the default one in the reader's language."""
        if self.own_label:
            return self.own_label
        return str(Result(self.code).label) if self.code in Result.values else self.code
