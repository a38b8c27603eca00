"""Promise: what somebody of us has promised a customer, by when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from service.choices import (
    OWED,
    PROMISE_TRANSITIONS,
    PromiseKind,
    PromiseStatus,
)
from service.models.case import Case
from utilcrm import clock
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class Promise(Record, Versioned):
    """
    One promise to one customer. `is_visible`: the customer sees it in the portal.

    The clock breaks it; what is done afterwards is kept late, and counts as broken.
    """

    kind = models.CharField(_("promise"), max_length=9, choices=PromiseKind.choices)
    text = models.CharField(_("what was promised"), max_length=255)
    due_at = models.DateTimeField(_("by"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="promises",
        verbose_name=_("who keeps it"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="promises"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="promises"
    )
    interaction_uuid = models.UUIDField(null=True, blank=True)
    is_visible = models.BooleanField(_("the customer may see it"), default=True)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=PromiseStatus.choices,
        default=PromiseStatus.OPEN,
        editable=False,
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("what was done"), max_length=255, blank=True)

    objects: ClassVar[models.Manager[Promise]] = customer_queryset("account__segment").as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        default_permissions = ("view",)
        permissions = [("make_promise", "Can make and keep promises to customers")]
        constraints = [
            models.CheckConstraint(
                name="service_promise_settled_when",
                condition=Q(status__in=sorted(OWED), settled_at__isnull=True)
                | (~Q(status__in=sorted(OWED)) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            # service.queries.deadlines: the board, and what the clock breaks
            models.Index(
                fields=["due_at", "id"],
                name="service_promise_due",
                condition=Q(status__in=sorted(OWED)),
            ),
            models.Index(fields=["account", "-id"], name="service_promise_account"),
            # service.queries.promises: the kept rate of a stretch of days
            models.Index(fields=["due_at", "status"], name="service_promise_rate"),
        ]

    def __str__(self) -> str:
        return self.text

    # Mutators

    def mark_kept(self, *, at: dt.datetime, by: models.Model | None, note: str) -> None:
        """Note that it was kept: in time, or late if its time was over."""
        is_late = self.status == PromiseStatus.BROKEN or at >= self.due_at
        if is_late and self.status == PromiseStatus.OPEN:
            self.mark_broken()
        self._settle(
            PromiseStatus.KEPT_LATE if is_late else PromiseStatus.KEPT, at=at, by=by, note=note
        )

    def mark_broken(self) -> None:
        """Note that its time is over."""
        check_transition(PROMISE_TRANSITIONS, self.status, PromiseStatus.BROKEN)
        self.status = PromiseStatus.BROKEN
        self.save_changes("status")

    def mark_withdrawn(self, *, at: dt.datetime, by: models.Model | None, note: str) -> None:
        """Take it back, because the customer agrees or it has become pointless."""
        self._settle(PromiseStatus.WITHDRAWN, at=at, by=by, note=note)

    def _settle(self, status: str, *, at: dt.datetime, by: models.Model | None, note: str) -> None:
        check_transition(PROMISE_TRANSITIONS, self.status, status)
        self.status, self.settled_at, self.note = status, at, note[:255]
        self.settled_by_id = by.pk if by is not None else None
        self.save_changes("status", "settled_at", "settled_by", "note")

    # Properties

    @property
    def is_owed(self) -> bool:
        """Whether the customer still waits for it."""
        return self.status in OWED

    @property
    def is_open(self) -> bool:
        """Whether it can still be kept in time, as far as the clock has looked."""
        return self.status == PromiseStatus.OPEN

    @property
    def is_late(self) -> bool:
        """Whether it is owed and its time is over."""
        return self.is_owed and self.due_at <= clock.now()
