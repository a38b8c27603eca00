"""What a distributor charges for the use of its grid."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from devices.choices import RateType
from premises.choices import Division
from products.choices import PriceComponent
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class GridTariff(Record):
    """
    A distributor's published tariff for one division and one customer segment.

    It is passed on as it is: there is no term to choose and nothing to discount. In the ERP it is
    what a product is to a supply, with a master data template of its own.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    distributor = models.ForeignKey(
        "premises.ServiceProvider",
        on_delete=models.PROTECT,
        related_name="grid_tariffs",
        verbose_name=_("distributor"),
    )
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    segment = models.CharField(_("segment"), max_length=11, choices=SegmentCode.choices)
    master_data_template = models.CharField(
        _("master data template"),
        max_length=30,
        blank=True,
        help_text=_("Code in the ERP. Contracts cannot be generated without it."),
    )

    objects: models.Manager[GridTariff] = models.Manager()

    class Meta:
        verbose_name = _("grid tariff")
        verbose_name_plural = _("grid tariffs")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="products_gridtariff_once", fields=["distributor", "division", "segment"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_generated(self) -> bool:
        """Tell whether the ERP knows how to set up the grid usage."""
        return bool(self.master_data_template)

    @property
    def description(self) -> str:
        """Say whose tariff it is, where a product says what it is."""
        return str(_("As published by %(distributor)s.") % {"distributor": self.distributor})


class GridPriceQuerySet(models.QuerySet["GridPrice"]):
    """Filters of the distributors' price sheets."""

    def valid_on(self, day: dt.date) -> Self:
        """Keep the prices in force on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class GridPrice(Record):
    """
    A net amount of a grid tariff, in the tenant's currency, per day or per kWh.

    The day that counts is the first day of the grid usage; `valid_to` is the first day on which
    the price no longer applies.
    """

    tariff = models.ForeignKey(GridTariff, on_delete=models.CASCADE, related_name="prices")
    component = models.CharField(_("component"), max_length=15, choices=PriceComponent.choices)
    rate_type = models.CharField(
        _("rate type"), max_length=7, choices=RateType.choices, default=RateType.ALL_DAY
    )
    amount = models.DecimalField(_("net amount"), max_digits=12, decimal_places=6)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = GridPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price of a grid tariff")
        verbose_name_plural = _("prices of grid tariffs")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="products_gridprice_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="products_gridprice_no_overlap",
                expressions=[
                    (F("tariff"), RangeOperators.EQUAL),
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
        return f"{self.tariff_id} {self.component} {self.rate_type} {self.amount}"
