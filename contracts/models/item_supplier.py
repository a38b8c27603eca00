"""Who supplies the energy of a contract on which days, and what that adds up to."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.visibility import CustomerQuerySet
from contracts.choices import SupplyGapReason, SupplySource
from contracts.models.item import ContractItem
from premises.choices import Division
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class ItemSupplierQuerySet(CustomerQuerySet):
    """Assignments are seen by whoever sees the account of the contract."""

    segment_path = "item__contract__account__segment"

    def on(self, day: dt.date) -> Self:
        """Keep what holds on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )


class ItemSupplier(Record):
    """
    The supply agreement that feeds a contract item from a day on; on any day at most one.

    Only the days of the item itself count: a row may go on behind the item's end, so that an end
    that moves, or is undone, changes nothing here. With `price` the purchase price is fixed: it is
    the one by which the item was bought. Without, the price is the agreement's of each day.
    """

    item = models.ForeignKey(
        ContractItem, on_delete=models.CASCADE, related_name="suppliers", db_index=False
    )
    agreement = models.ForeignKey(
        "products.SupplyAgreement", on_delete=models.PROTECT, related_name="contract_items"
    )
    price = models.ForeignKey(
        "products.SupplyPrice",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(max_length=7, choices=SupplySource.choices)

    objects = ItemSupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply of a contract item")
        verbose_name_plural = _("supplies of contract items")
        default_permissions = ("view",)
        indexes = [
            # the days of one item, in their order
            models.Index(fields=["item", "valid_from"], name="contracts_itemsupplier_days"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_itemsupplier_valid_range",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="contracts_itemsupplier_no_overlap",
                expressions=[
                    (F("item"), RangeOperators.EQUAL),
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
        return f"{self.item_id} {self.agreement_id} {self.valid_from}"

    @property
    def is_fixed(self) -> bool:
        """Whether the purchase price stays whatever the agreement's price becomes."""
        return self.price_id is not None


class SupplyGapQuerySet(CustomerQuerySet):
    """Gaps are seen by whoever sees the account of the contract."""

    segment_path = "item__contract__account__segment"


class SupplyGap(Record):
    """Days of a contract item for which nobody supplies the energy, as last looked for."""

    item = models.ForeignKey(ContractItem, on_delete=models.CASCADE, related_name="supply_gaps")
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=SupplyGapReason.choices)

    objects = SupplyGapQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract item without supply")
        verbose_name_plural = _("contract items without supply")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="contracts_supplygap_once", fields=["item", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.valid_from} {self.reason}"


class SuppliedVolume(Record):
    """
    What is expected to flow under an agreement in a month, as of `updated_at`; no customer in it.

    `points` are the points of delivery supplied on the month's last day. kWh.
    """

    agreement = models.ForeignKey(
        "products.SupplyAgreement", on_delete=models.CASCADE, related_name="volumes"
    )
    month = models.DateField(_("month"))
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    segment = models.CharField(_("segment"), max_length=11, choices=SegmentCode.choices)
    points = models.PositiveIntegerField(_("points of delivery"))
    expected_kwh = models.DecimalField(_("expected consumption"), max_digits=18, decimal_places=3)
    without_expectation = models.PositiveIntegerField(_("without expected consumption"))

    objects: models.Manager[SuppliedVolume] = models.Manager()

    class Meta:
        verbose_name = _("supplied volume")
        verbose_name_plural = _("supplied volumes")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="contracts_suppliedvolume_once",
                fields=["agreement", "month", "division", "segment"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.month} {self.expected_kwh}"
