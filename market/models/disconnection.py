"""DisconnectionOrder: a supply that is cut because the customer does not pay."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from market.choices import (
    DISCONNECTION_TRANSITIONS,
    OPEN_DISCONNECTION,
    DisconnectionStatus,
)
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class DisconnectionOrder(Record, Versioned):
    """
    An order to disconnect one point of delivery on a working day, and to connect it again.

    `dunning_level` and `overdue` are what the ERP said when it was ordered: the reason why.
    """

    pod = models.ForeignKey(
        "premises.PointOfDelivery", on_delete=models.PROTECT, related_name="disconnections"
    )
    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="disconnections"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="disconnections"
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=DisconnectionStatus.choices,
        default=DisconnectionStatus.PLANNED,
        editable=False,
    )
    cut_on = models.DateField(_("disconnect on"))
    restored_on = models.DateField(_("connected again on"), null=True, blank=True)
    dunning_level = models.PositiveSmallIntegerField(_("dunning level"))
    overdue = models.DecimalField(_("overdue"), max_digits=14, decimal_places=4)
    note = models.CharField(_("note"), max_length=255, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(_("why it ended"), max_length=255, blank=True)

    objects: ClassVar[models.Manager[DisconnectionOrder]] = customer_queryset(
        "account__segment"
    ).as_manager()

    class Meta:
        verbose_name = _("disconnection")
        verbose_name_plural = _("disconnections")
        default_permissions = ("view",)
        permissions = [("order_disconnection", "Can order disconnections for non-payment")]
        constraints = [
            models.UniqueConstraint(
                name="market_disconnection_one_open",
                fields=["pod"],
                condition=Q(status__in=sorted(OPEN_DISCONNECTION)),
            ),
        ]
        indexes = [
            # market.services.disconnecting: what is due, and what may be connected again
            models.Index(
                fields=["status", "cut_on"],
                name="market_disconnection_open",
                condition=Q(status__in=sorted(OPEN_DISCONNECTION)),
            ),
            models.Index(fields=["account", "-id"], name="market_disconnection_acc"),
        ]

    def __str__(self) -> str:
        return f"{self.pod_id} {self.cut_on:%Y-%m-%d}"

    # Mutators

    def mark_ordered(self) -> None:
        """Note that the register is told; it is the day."""
        self._move_to(DisconnectionStatus.ORDERED)

    def mark_cut(self) -> None:
        """Note that the point of delivery is disconnected."""
        self._move_to(DisconnectionStatus.CUT)

    def mark_restoring(self, *, on: dt.date) -> None:
        """Note that the register is told to have it connected again."""
        self.restored_on = on
        self._move_to(DisconnectionStatus.RESTORING, "restored_on")

    def mark_restored(self, *, on: dt.date) -> None:
        """Note that the point of delivery is connected again."""
        self.restored_on = on
        self._move_to(DisconnectionStatus.RESTORED, "restored_on")

    def mark_rejected(self, why: str) -> None:
        """Note why the register refuses it."""
        self.outcome = why[:255]
        self._move_to(DisconnectionStatus.REJECTED, "outcome")

    def mark_cancelled(self, why: str) -> None:
        """Give it up before its day; `why` in plain words."""
        self.outcome = why[:255]
        self._move_to(DisconnectionStatus.CANCELLED, "outcome")

    def move_to_day(self, day: dt.date) -> None:
        """Plan it for another day."""
        self.cut_on = day
        self.save_changes("cut_on")

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(DISCONNECTION_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def account_uuid(self) -> Any:
        """Whose timeline it belongs to."""
        return self.account.uuid

    @property
    def is_planned(self) -> bool:
        """Whether its day is still to come."""
        return self.status == DisconnectionStatus.PLANNED

    @property
    def is_cut(self) -> bool:
        """Whether the customer is without energy."""
        return self.status == DisconnectionStatus.CUT
