"""Account: a business partner, person or organisation."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.visibility import CustomerQuerySet
from accounts.choices import AccountKind, Source, Title
from utilcrm.db.models import Record, Versioned
from utilcrm.identifiers.addresses import street_line, town_line


class AccountQuerySet(CustomerQuerySet):
    """Accounts, and the only door to them: `visible_to(user)`."""

    segment_path = "segment"

    def with_contact_points(self) -> Self:
        """Fetch the ways to reach each account, primary ones first, in one more query."""
        return self.prefetch_related("contact_points")


class Account(Record, Versioned):
    """
    A business partner: whom we sell to, bill and talk with.

    `number` is ours and given at once; `erp_number` is the ERP's and stays empty until the ERP has
    confirmed the partner ("pending" on screens). The address is where the partner gets letters;
    where energy is used is a premise.
    """

    number = models.CharField(_("account number"), max_length=10, unique=True)
    erp_number = models.CharField(_("ERP number"), max_length=10, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    segment = models.CharField(_("segment"), max_length=12, choices=SegmentCode.choices)
    title = models.CharField(
        _("title"), max_length=4, choices=Title.choices, blank=True, default=""
    )
    first_name = models.CharField(_("first name"), max_length=60, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=60, blank=True, default="")
    organisation_name = models.CharField(
        _("organisation name"), max_length=120, blank=True, default=""
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    tax_id = models.CharField(_("tax number"), max_length=20, blank=True, default="")
    language = models.CharField(_("language"), max_length=2, default="en")
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.CRM)

    street = models.CharField(_("street"), max_length=80, blank=True, default="")
    house_number = models.CharField(_("house number"), max_length=10, blank=True, default="")
    flat = models.CharField(_("flat"), max_length=35, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=10, blank=True, default="")
    town = models.CharField(_("town"), max_length=60, blank=True, default="")
    country = models.CharField(_("country"), max_length=2)

    objects: ClassVar[models.Manager[Account]] = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        default_permissions = ("view",)
        permissions = [
            ("create_account", _("Can create accounts")),
            ("change_account_data", _("Can change accounts and business agreements")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="accounts_account_erp_number_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=AccountKind.PERSON) & ~Q(last_name="")
                | Q(kind=AccountKind.ORGANISATION) & ~Q(organisation_name=""),
                name="accounts_account_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(segment__in=SegmentCode.values), name="accounts_account_segment_known"
            ),
        ]
        indexes = [
            # The newest accounts of the segments a person may see.
            models.Index(fields=["segment", "-id"], name="accounts_account_segment"),
            # "Does this tax number exist already?"
            models.Index(
                fields=["tax_id"], condition=~Q(tax_id=""), name="accounts_account_tax_id"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def change(self, **fields: object) -> list[str]:
        """Set the given fields, save those that differ, and return their names."""
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, fields[name])
        if changed:
            self.save_changes(*changed)
        return changed

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the partner."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    # Properties

    @property
    def name(self) -> str:
        """The name as people write it."""
        if self.kind == AccountKind.ORGANISATION:
            return self.organisation_name
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_organisation(self) -> bool:
        """Whether the partner is a company, public body or association."""
        return self.kind == AccountKind.ORGANISATION

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has confirmed the partner and given it a number."""
        return self.erp_number != ""

    @property
    def street_line(self) -> str:
        """Street, house number and flat in the country's order."""
        return street_line(self.street, self.house_number, self.flat, self.country)

    @property
    def town_line(self) -> str:
        """Postcode and town in the country's order."""
        return town_line(self.postcode, self.town, self.country)

    @property
    def address_line(self) -> str:
        """The address on one line; empty when there is none."""
        return ", ".join(part for part in (self.street_line, self.town_line) if part)
