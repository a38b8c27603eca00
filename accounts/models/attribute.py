"""Marketing attributes: what a tenant wants to know of its customers beside their data."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from accounts.choices import AttributeKind
from accounts.models.account import Account
from utilcrm.db.models import Record


class Attribute(Record):
    """One thing to note of customers, such as "heats with"; its values are words or choices."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9_-]*$",
                _("Capital letters, digits, - and _ only, beginning with a letter."),
            )
        ],
    )
    label = models.CharField(_("wording"), max_length=80)
    kind = models.CharField(
        _("kind"), max_length=6, choices=AttributeKind.choices, default=AttributeKind.CHOICE
    )
    options = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        help_text=_("Separated by commas; for attributes of which one is chosen."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("marketing attribute")
        verbose_name_plural = _("marketing attributes")

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse a choice without choices."""
        if self.kind == AttributeKind.CHOICE and not self.options:
            raise ValidationError({"options": _("Say what can be chosen.")})

    @property
    def allowed(self) -> list[tuple[str, str]]:
        """Return what may be noted, with its wording; empty where words are free."""
        if self.kind == AttributeKind.YES_NO:
            return [("YES", str(_("Yes"))), ("NO", str(_("No")))]
        return [(one, one) for one in self.options] if self.kind == AttributeKind.CHOICE else []

    def shown(self, value: str) -> str:
        """Return a value as people read it."""
        return dict(self.allowed).get(value, value)


class AttributeValue(Record):
    """
    What was noted of a customer; never changed, the newest one counts.

    It remembers the contact in which it was noted, so that a cleared contact takes it along.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="attribute_values", db_index=False
    )
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="values")
    value = models.CharField(max_length=200)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    interaction_uuid = models.UUIDField(null=True, blank=True)

    objects: ClassVar[models.Manager[AttributeValue]] = customer_queryset(
        "account__segment"
    ).as_manager()

    class Meta:
        verbose_name = _("noted attribute")
        verbose_name_plural = _("noted attributes")
        default_permissions = ("view",)
        indexes = [
            # accounts.queries.attributes.attributes_of: the newest of each
            models.Index(fields=["account", "attribute", "-id"], name="accounts_attribute_newest"),
            models.Index(
                fields=["interaction_uuid"],
                name="accounts_attribute_contact",
                condition=models.Q(interaction_uuid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.shown}"

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return self.attribute.shown(self.value)
