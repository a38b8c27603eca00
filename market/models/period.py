"""SupplyPeriod: what the register was told of our supply at a point of delivery."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from market.choices import (
    LIVE_PERIOD,
    PERIOD_TRANSITIONS,
    ClaimReason,
    EndReason,
    PeriodStatus,
)
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class SupplyPeriod(Record, Versioned):
    """
    One period of supply of one customer at one point of delivery, as the register has it.

    `starts_on` and `ends_on` are local days; `ends_on` is the first day without supply, as told or
    as the register says, and empty as long as nothing of an end was said. `objections` are the
    register's reasons for a rejection: code and text. `is_initial` marks a supply that the register
    knew before we told it anything: it was never claimed by us.
    """

    pod = models.ForeignKey(
        "premises.PointOfDelivery", on_delete=models.PROTECT, related_name="supply_periods"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="supply_periods"
    )
    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="supply_periods"
    )
    status = models.CharField(
        _("status"),
        max_length=11,
        choices=PeriodStatus.choices,
        default=PeriodStatus.PLANNED,
        editable=False,
    )
    starts_on = models.DateField(_("start of supply"))
    ends_on = models.DateField(_("end of supply"), null=True, blank=True)
    claim_reason = models.CharField(
        _("reason of the claim"), max_length=12, choices=ClaimReason.choices
    )
    end_reason = models.CharField(
        _("reason of the end"), max_length=13, choices=EndReason.choices, blank=True
    )
    correlation_uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    objections = models.JSONField(default=list, blank=True)
    is_initial = models.BooleanField(default=False)
    # why somebody took the claim back although the contract stands: it is not claimed by itself
    hold_reason = models.CharField(_("why it was taken back"), max_length=255, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[SupplyPeriod]] = customer_queryset(
        "account__segment"
    ).as_manager()

    class Meta:
        verbose_name = _("period of supply")
        verbose_name_plural = _("periods of supply")
        default_permissions = ("view",)
        permissions = [
            ("claim_again", "Can claim a supply again, and take wrong notifications back"),
        ]
        constraints = [
            models.CheckConstraint(
                name="market_period_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="market_period_rejected_says_why",
                condition=~Q(status=PeriodStatus.REJECTED) | ~Q(objections=[]),
            ),
            models.CheckConstraint(
                name="market_period_end_has_day",
                condition=~Q(
                    status__in=[PeriodStatus.ENDING, PeriodStatus.ENDED, PeriodStatus.LOST]
                )
                | Q(ends_on__isnull=False),
            ),
            # An end that we have told has one of the eight reasons.
            models.CheckConstraint(
                name="market_period_end_has_reason",
                condition=~Q(status__in=[PeriodStatus.ENDING, PeriodStatus.ENDED])
                | ~Q(end_reason=""),
            ),
            # One claim a period: a second one of the same customer from the same day is a mistake.
            models.UniqueConstraint(
                name="market_period_once",
                fields=["pod", "account", "starts_on"],
                condition=Q(status__in=sorted(LIVE_PERIOD)),
            ),
        ]
        indexes = [
            # market.queries.periods: by state, newest first
            models.Index(fields=["status", "-id"], name="market_period_status"),
            models.Index(fields=["contract"], name="market_period_contract"),
            # market.services.planning: ends that are due
            models.Index(
                fields=["ends_on"],
                name="market_period_due",
                condition=Q(status=PeriodStatus.ENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} {self.get_status_display()}"

    # Mutators

    def mark_claimed(self) -> None:
        """Note that the register has our claim."""
        self._move_to(PeriodStatus.CLAIMED)

    def mark_confirmed(self, *, starts_on: dt.date, at: dt.datetime) -> None:
        """Note that the register has us as the supplier from a day on."""
        self.starts_on, self.confirmed_at, self.objections = starts_on, at, []
        self._move_to(PeriodStatus.CONFIRMED, "starts_on", "confirmed_at", "objections")

    def mark_rejected(self, objections: list[dict[str, str]]) -> None:
        """Note why the register does not take the claim."""
        self.objections = objections
        self._move_to(PeriodStatus.REJECTED, "objections")

    def mark_planned(self) -> None:
        """Begin the claim anew, after what was wrong is mended."""
        self.objections = []
        self.correlation_uuid = uuid.uuid4()
        self._move_to(PeriodStatus.PLANNED, "objections", "correlation_uuid")

    def mark_withdrawing(self) -> None:
        """Note that the claim is being taken back."""
        self._move_to(PeriodStatus.WITHDRAWING)

    def mark_withdrawn(self, *, at: dt.datetime) -> None:
        """Note that nothing of the claim is left at the register."""
        self.closed_at = at
        self._move_to(PeriodStatus.WITHDRAWN, "closed_at")

    def mark_kept(self) -> None:
        """Note that the supply goes on: its end was taken back, or its claim could not be."""
        self.ends_on, self.end_reason, self.hold_reason = None, "", ""
        self._move_to(PeriodStatus.CONFIRMED, "ends_on", "end_reason", "hold_reason")

    def mark_ending(self, *, ends_on: dt.date, reason: str) -> None:
        """Note that the register knows when the supply will end."""
        self.ends_on, self.end_reason = ends_on, reason
        self._move_to(PeriodStatus.ENDING, "ends_on", "end_reason")

    def mark_ended(self, *, ends_on: dt.date, reason: str, at: dt.datetime) -> None:
        """Note that the register has our supply as ended."""
        self.ends_on, self.end_reason, self.closed_at = ends_on, reason, at
        self._move_to(PeriodStatus.ENDED, "ends_on", "end_reason", "closed_at")

    def mark_lost(self, *, ends_on: dt.date, at: dt.datetime) -> None:
        """Note that another supplier delivers from a day on."""
        self.ends_on, self.closed_at = max(ends_on, self.starts_on), at
        self._move_to(PeriodStatus.LOST, "ends_on", "closed_at")

    def hold(self, reason: str) -> None:
        """Note that a person has the claim taken back; it is not claimed again by itself."""
        self.hold_reason = reason[:255]
        self.save_changes("hold_reason")

    def let_go(self) -> None:
        """Let the supply be claimed again."""
        self.hold_reason = ""
        self.save_changes("hold_reason")

    def give_reason(self, reason: str) -> None:
        """Note why the supply ends, where the contract does not say it."""
        self.end_reason = reason
        self.save_changes("end_reason")

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(PERIOD_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def account_uuid(self) -> Any:
        """Whose timeline it belongs to."""
        return self.account.uuid

    @property
    def is_live(self) -> bool:
        """Whether something may still have to be told."""
        return self.status in LIVE_PERIOD

    @property
    def is_held(self) -> bool:
        """Whether a person keeps it from being claimed again."""
        return self.hold_reason != ""

    @property
    def is_rejected(self) -> bool:
        """Whether the register has refused the claim."""
        return self.status == PeriodStatus.REJECTED
