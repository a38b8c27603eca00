"""What a contract is about at one point of delivery."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from contracts.choices import (
    ITEM_TRANSITIONS,
    NOT_YET_SIGNED,
    BlockReason,
    EndReason,
    ItemRole,
    ItemStatus,
)
from contracts.models.contract import Contract
from contracts.models.item_indexes import BILLED_FROM, ENDED, ENDING_TERMS
from devices.choices import Rate
from premises.choices import Division
from products.models import GridTariff, Product
from utilcrm.db.models import Record, Versioned
from utilcrm.db.ranges import DateRange
from utilcrm.states import check_transition


class ContractItemQuerySet(CustomerQuerySet):
    """Items are seen by whoever sees the account of their contract."""

    segment_path = "contract__account__segment"


class ContractItem(Record, Versioned):
    """
    One role at one point of delivery, which becomes one contract of the ERP.

    `ends_on` is the first day without it; empty = open. At any day at most one live item has the
    same role at a point of delivery. `failure_*` is the ERP's refusal, in plain words.
    `billed_until` is the ERP's word: the first day that no bill covers yet.

    Grid usage names the supply that it goes with, and stands alone once another supplier delivers;
    what it is sold by is the distributor's tariff, as a supply is sold by a product.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    role = models.CharField(_("role"), max_length=10, choices=ItemRole.choices)
    supply_item = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="grid_items"
    )
    service_provider = models.ForeignKey(
        "premises.ServiceProvider",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_items",
    )
    pod = models.ForeignKey(
        "premises.PointOfDelivery", on_delete=models.PROTECT, related_name="contract_items"
    )
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_items",
    )
    grid_tariff = models.ForeignKey(
        "products.GridTariff",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_items",
    )
    product_name = models.CharField(_("product"), max_length=80, blank=True)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    term_months = models.PositiveSmallIntegerField(_("term"), null=True, blank=True)
    # since when the fixed term counts; empty = since the start
    fixed_from = models.DateField(_("fixed from"), null=True, blank=True)
    starts_on = models.DateField(_("start of supply"))
    ends_on = models.DateField(_("end of supply"), null=True, blank=True)
    end_reason = models.CharField(
        max_length=14, choices=EndReason.choices, blank=True, db_default=""
    )
    billed_until = models.DateField(_("billed until"), null=True, blank=True)
    move_in = models.BooleanField(_("customer moves in"), default=True)
    expected_annual_kwh = models.PositiveIntegerField(
        _("expected consumption per year"), null=True, blank=True
    )
    discount_percent = models.DecimalField(
        _("discount on the energy price"), max_digits=5, decimal_places=2, default=0
    )
    meter_serial = models.CharField(_("meter number"), max_length=30, blank=True)
    rate = models.CharField(_("rate"), max_length=6, choices=Rate.choices, default=Rate.SINGLE)

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ItemStatus.choices,
        default=ItemStatus.DRAFT,
        editable=False,
    )
    block_reason = models.CharField(max_length=10, choices=BlockReason.choices, blank=True)
    erp_number = models.CharField(_("ERP number"), max_length=20, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_field = models.CharField(max_length=80, blank=True)
    failure_text = models.TextField(blank=True)
    status_at = models.DateTimeField(null=True, blank=True)

    objects = ContractItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract item")
        verbose_name_plural = _("contract items")
        default_permissions = ("view",)
        indexes = [BILLED_FROM, ENDED, ENDING_TERMS]
        constraints = [
            # A contract may have the same role again, later: after a product change, say.
            models.UniqueConstraint(
                name="contracts_item_role_once",
                fields=["contract", "role", "pod", "starts_on"],
                condition=~Q(status=ItemStatus.CANCELLED),
            ),
            models.UniqueConstraint(
                name="contracts_item_erp_number_once",
                fields=["erp_number"],
                condition=~Q(erp_number=""),
            ),
            models.CheckConstraint(
                name="contracts_item_only_grid_has_supply",
                condition=Q(supply_item__isnull=True) | Q(role=ItemRole.GRID_USAGE),
            ),
            models.CheckConstraint(
                name="contracts_item_period",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="contracts_item_blocked_for_a_reason",
                condition=~Q(status=ItemStatus.BLOCKED) | ~Q(block_reason=""),
            ),
            models.CheckConstraint(
                name="contracts_item_completed_has_erp_number",
                condition=~Q(status__in=[ItemStatus.COMPLETED, ItemStatus.ENDED])
                | ~Q(erp_number=""),
            ),
            models.CheckConstraint(
                name="contracts_item_rejected_says_why",
                condition=~Q(status=ItemStatus.REJECTED) | ~Q(failure_text=""),
            ),
            models.CheckConstraint(
                name="contracts_item_ended_has_end",
                condition=~Q(status=ItemStatus.ENDED) | Q(ends_on__isnull=False),
            ),
            ExclusionConstraint(
                name="contracts_item_no_overlap",
                expressions=[
                    (F("pod"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=False),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(status=ItemStatus.CANCELLED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.position}"

    # Mutators

    def mark_blocked(self, *, reason: str, at: dt.datetime) -> None:
        """Hold the item until the customer has signed, or somebody has approved."""
        self.block_reason = reason
        self._move_to(ItemStatus.BLOCKED, at, "block_reason")

    def mark_queued(self, *, at: dt.datetime) -> None:
        """Hand the item to the queue for the ERP; forget an earlier refusal."""
        self.block_reason = ""
        self._forget_failure()
        self._move_to(
            ItemStatus.QUEUED, at, "block_reason", "failure_code", "failure_field", "failure_text"
        )

    def mark_sent(self, *, at: dt.datetime) -> None:
        """Note that the ERP has the message."""
        self._move_to(ItemStatus.SENT, at)

    def mark_accepted(self, *, erp_number: str, at: dt.datetime) -> None:
        """Note that the ERP has taken the contract and is setting it up."""
        self.erp_number = erp_number or self.erp_number
        self._forget_failure()
        self._move_to(
            ItemStatus.ACCEPTED, at, "erp_number", "failure_code", "failure_field", "failure_text"
        )

    def learn_erp_number(self, erp_number: str) -> None:
        """Take up the ERP's number when it comes after the word that needed it."""
        if erp_number and erp_number != self.erp_number:
            self.erp_number = erp_number
            self.save_changes("erp_number")

    def mark_completed(self, *, erp_number: str, at: dt.datetime) -> None:
        """Note that the ERP has set up everything."""
        self.erp_number = erp_number or self.erp_number
        self._forget_failure()
        self._move_to(
            ItemStatus.COMPLETED, at, "erp_number", "failure_code", "failure_field", "failure_text"
        )

    def mark_rejected(self, *, code: str, field: str, text: str, at: dt.datetime) -> None:
        """Note what the ERP does not like; a person decides what happens next."""
        self.failure_code, self.failure_field = code[:60], field[:80]
        self.failure_text = text or code or str(_("The ERP gave no reason."))
        self._move_to(ItemStatus.REJECTED, at, "failure_code", "failure_field", "failure_text")

    def change(self, *, starts_on: dt.date, meter_serial: str) -> None:
        """Change what may change before the signature."""
        self.starts_on, self.meter_serial = starts_on, meter_serial
        self.save_changes("starts_on", "meter_serial")

    def mark_cancelled(self, *, at: dt.datetime) -> None:
        """Take the item back; its point of delivery is free again."""
        self._move_to(ItemStatus.CANCELLED, at)

    def schedule_end(self, on: dt.date | None) -> None:
        """Set the first day without the contract, or open it again."""
        self.ends_on = on
        self.save_changes("ends_on")

    def mark_conflicting(self, *, at: dt.datetime) -> None:
        """Note that the ERP says something else; somebody decides which counts."""
        self._move_to(ItemStatus.CONFLICT, at)

    def mark_agreed(self, *, has_ended: bool, at: dt.datetime) -> None:
        """Note that both sides say the same again."""
        self._move_to(ItemStatus.ENDED if has_ended else ItemStatus.COMPLETED, at)

    def mark_reopened(self, *, ends_on: dt.date | None, at: dt.datetime) -> None:
        """Take an end back that the ERP has taken back."""
        self.ends_on = ends_on
        self._move_to(ItemStatus.COMPLETED, at, "ends_on")

    def mark_ended(self, *, on: dt.date, at: dt.datetime) -> None:
        """Note the end; `on` is the first day without the contract."""
        self.ends_on = on
        self._move_to(ItemStatus.ENDED, at, "ends_on")

    def _forget_failure(self) -> None:
        self.failure_code = self.failure_field = self.failure_text = ""

    def _move_to(self, status: str, at: dt.datetime, *fields: str) -> None:
        check_transition(ITEM_TRANSITIONS, self.status, status)
        self.status, self.status_at = status, at
        self.save_changes("status", "status_at", *fields)

    # Properties

    @property
    def is_grid_usage(self) -> bool:
        """Whether it is about the grid, not about the supply."""
        return self.role == ItemRole.GRID_USAGE

    @property
    def offer(self) -> Product | GridTariff | None:
        """What it is sold by: our product, or the distributor's tariff."""
        return self.grid_tariff if self.is_grid_usage else self.product

    @property
    def stands_alone(self) -> bool:
        """Whether it is grid usage where no supply of ours goes with it, or none any more."""
        supply = self.supply_item
        return self.is_grid_usage and (
            supply is None or supply.status in {ItemStatus.ENDED, ItemStatus.CANCELLED}
        )

    @property
    def is_rejected(self) -> bool:
        """Whether the ERP has refused it."""
        return self.status == ItemStatus.REJECTED

    @property
    def is_completed(self) -> bool:
        """Whether the ERP has set up everything."""
        return self.status == ItemStatus.COMPLETED

    @property
    def is_open_for_change(self) -> bool:
        """Whether the customer has not signed it yet."""
        return self.status in NOT_YET_SIGNED
