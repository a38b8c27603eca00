"""Prices of a product: one amount for one thing charged, for one term, in one period."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from devices.choices import RateType
from products.choices import PriceComponent, Term
from products.models.product import Product
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class PriceQuerySet(models.QuerySet["Price"]):
    """Filters of the price list."""

    def valid_on(self, day: dt.date) -> Self:
        """Keep the prices in force on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class Price(Record):
    """
    A net amount in the tenant's currency, per day or per kWh.

    The day that counts is the first day of supply. `valid_to` is the first day on which the
    price no longer applies; empty means until further notice.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices")
    term_months = models.PositiveSmallIntegerField(_("term"), choices=Term.choices)
    component = models.CharField(_("component"), max_length=15, choices=PriceComponent.choices)
    rate_type = models.CharField(
        _("rate type"), max_length=7, choices=RateType.choices, default=RateType.ALL_DAY
    )
    amount = models.DecimalField(_("net amount"), max_digits=12, decimal_places=6)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="products_price_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="products_price_standing_charge_all_day",
                condition=~Q(component=PriceComponent.STANDING_CHARGE)
                | Q(rate_type=RateType.ALL_DAY),
            ),
            ExclusionConstraint(
                name="products_price_no_overlap",
                expressions=[
                    (F("product"), RangeOperators.EQUAL),
                    (F("term_months"), RangeOperators.EQUAL),
                    (F("component"), RangeOperators.EQUAL),
                    (F("rate_type"), RangeOperators.EQUAL),
                    (
                        DateRange(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=False),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.code} {self.term_months} {self.component} {self.amount}"

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether the price is in force on `day`; see `valid_on`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
