"""A person who logs in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff of one tenant, or in the public schema a platform administrator."""

    id = models.BigAutoField(primary_key=True)
    employee_number = models.CharField(_("employee number"), max_length=20, blank=True)
    telephone_extension = models.CharField(
        _("telephone extension"),
        max_length=20,
        blank=True,
        help_text=_("Calls that the telephone system rings at this extension pop up here."),
    )
    language = models.CharField(_("language"), max_length=5, blank=True)

    class Meta(AbstractUser.Meta):
        permissions = [("use_workbench", "May work in the interaction centre")]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
