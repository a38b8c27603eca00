"""What a supply agreement costs, and which products it feeds."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from products.models.product import Product
from products.models.supplier import SupplyAgreement
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange

_PERIOD = DateRange(
    "valid_from", "valid_to", RangeBoundary(inclusive_lower=True, inclusive_upper=False)
)


class SupplyPriceQuerySet(models.QuerySet["SupplyPrice"]):
    """Filters of purchase prices."""

    def valid_on(self, day: dt.date) -> Self:
        """Keep the prices in force on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class SupplyPrice(Record):
    """
    What we pay under an agreement, net, in its currency; the amounts of a row never change.

    `energy_amount` is per kWh at any hour; where day and night are told apart, `day_amount` and
    `night_amount` hold instead. `standing_amount` is per point of delivery and day. A contract with
    a fixed price names the row by which it was bought, so another price leaves it alone.
    """

    agreement = models.ForeignKey(SupplyAgreement, on_delete=models.CASCADE, related_name="prices")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    energy_amount = models.DecimalField(_("price per kWh"), max_digits=12, decimal_places=6)
    day_amount = models.DecimalField(
        _("price per kWh by day"), max_digits=12, decimal_places=6, null=True, blank=True
    )
    night_amount = models.DecimalField(
        _("price per kWh by night"), max_digits=12, decimal_places=6, null=True, blank=True
    )
    standing_amount = models.DecimalField(
        _("standing charge per day"), max_digits=12, decimal_places=6, default=0
    )

    objects = SupplyPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase price")
        verbose_name_plural = _("purchase prices")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="products_supplyprice_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="products_supplyprice_not_negative",
                condition=Q(energy_amount__gte=0, standing_amount__gte=0)
                & (Q(day_amount__isnull=True) | Q(day_amount__gte=0))
                & (Q(night_amount__isnull=True) | Q(night_amount__gte=0)),
            ),
            models.CheckConstraint(
                name="products_supplyprice_day_and_night",
                condition=Q(day_amount__isnull=True, night_amount__isnull=True)
                | Q(day_amount__isnull=False, night_amount__isnull=False),
            ),
            ExclusionConstraint(
                name="products_supplyprice_no_overlap",
                expressions=[
                    (F("agreement"), RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.energy_amount} {self.valid_from}"

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether the price is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def end(self, on: dt.date) -> None:
        """Set the first day on which another price applies."""
        self.valid_to = on
        self.save(update_fields=["valid_to", "updated_at"])


class ProductSupply(Record):
    """Which agreement feeds a product's contracts; on any day at most one does."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="supplies")
    agreement = models.ForeignKey(
        SupplyAgreement, on_delete=models.PROTECT, related_name="products"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: models.Manager[ProductSupply] = models.Manager()

    class Meta:
        verbose_name = _("supply of a product")
        verbose_name_plural = _("supplies of products")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="products_productsupply_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="products_productsupply_no_overlap",
                expressions=[
                    (F("product"), RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.agreement_id} {self.valid_from}"

    def end(self, on: dt.date) -> None:
        """Set the first day on which another agreement feeds the product."""
        self.valid_to = on
        self.save(update_fields=["valid_to", "updated_at"])
