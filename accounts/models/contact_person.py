"""ContactPerson: somebody who speaks for an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from accounts.models.account import Account
from utilcrm.db.models import Record


class ContactPersonQuerySet(CustomerQuerySet):
    """Contact persons of the accounts that a person may see."""

    segment_path = "account__segment"


class ContactPerson(Record):
    """A person whom we talk to about an organisation's account; not a customer of their own."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="contact_persons", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=16, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")

    objects: ClassVar[models.Manager[ContactPerson]] = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
