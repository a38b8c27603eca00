"""Who sells us the energy that we sell on, and by which agreements."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from premises.choices import Division
from utilcrm.db.models import Record, Versioned


class Supplier(Record, Versioned):
    """
    A company that sells us energy wholesale; in German practice a Vorlieferant.

    Not to be confused with the supplier of a customer, which is us. `our_number` is what we are
    called there.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    our_number = models.CharField(_("our customer number there"), max_length=30, blank=True)

    objects: models.Manager[Supplier] = models.Manager()

    class Meta:
        verbose_name = _("energy supplier")
        verbose_name_plural = _("energy suppliers")
        default_permissions = ("view",)
        permissions = [
            ("manage_supply", "Can manage energy suppliers, their agreements and prices"),
        ]

    def __str__(self) -> str:
        return self.name

    def rename(self, *, name: str, our_number: str) -> None:
        """Change what the supplier is called, and what we are called there."""
        self.name, self.our_number = name, our_number
        self.save_changes("name", "our_number")


class SupplyAgreementQuerySet(models.QuerySet["SupplyAgreement"]):
    """Filters of the agreements. They carry no customer data."""

    def valid_on(self, day: dt.date) -> Self:
        """Keep the agreements under which energy flows on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class SupplyAgreement(Record, Versioned):
    """
    What was negotiated with a supplier for one division and one period.

    `contracted_kwh` is the volume of the whole period, empty if none was agreed. `valid_to` is the
    first day without it; empty means until further notice.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(_("agreement number"), max_length=30)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    contracted_kwh = models.BigIntegerField(_("contracted volume"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)

    objects = SupplyAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply agreement")
        verbose_name_plural = _("supply agreements")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="products_supplyagreement_number_once", fields=["supplier", "number"]
            ),
            models.CheckConstraint(
                name="products_supplyagreement_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="products_supplyagreement_volume",
                condition=Q(contracted_kwh__isnull=True) | Q(contracted_kwh__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier.name} {self.number}"

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether energy flows under it on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def change(self, *, valid_to: dt.date | None, contracted_kwh: int | None) -> None:
        """Set the end and the volume anew."""
        self.valid_to, self.contracted_kwh = valid_to, contracted_kwh
        self.save_changes("valid_to", "contracted_kwh")
