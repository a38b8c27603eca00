"""ContactPoint: one way to reach an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from accounts.choices import ContactKind
from accounts.models.account import Account
from utilcrm.db.models import Record


class ContactPointQuerySet(CustomerQuerySet):
    """Contact points of the accounts that a person may see."""

    segment_path = "account__segment"


class ContactPoint(Record):
    """
    A telephone number or e-mail address of an account; an account has as many as it has.

    `value` is what machines compare: E.164 for telephones, lower case for e-mail. `display` is what
    people read.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="contact_points", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=ContactKind.choices)
    value = models.CharField(_("value"), max_length=254)
    display = models.CharField(_("display"), max_length=254)
    is_primary = models.BooleanField(_("primary"), default=False)

    objects: ClassVar[models.Manager[ContactPoint]] = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "value"], name="accounts_contactpoint_once"
            ),
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(is_primary=True),
                name="accounts_contactpoint_one_primary",
            ),
        ]
        indexes = [
            # Who has this number or address? The same household may share one.
            models.Index(fields=["value"], name="accounts_contactpoint_value"),
        ]

    def __str__(self) -> str:
        return self.display

    @property
    def is_email(self) -> bool:
        """Whether the contact point is an e-mail address."""
        return self.kind == ContactKind.EMAIL
