"""What every request for a discount above somebody's limit has: a second person decides."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quotations.choices import APPROVAL_TRANSITIONS, ApprovalStatus
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class DiscountRequest(Record):
    """
    A request to agree `percent` although the asking agent's own limit is `limit`.

    `reason` is the decider's.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    percent = models.DecimalField(_("discount"), max_digits=5, decimal_places=2)
    limit = models.DecimalField(_("own limit"), max_digits=5, decimal_places=2)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ApprovalStatus.choices,
        default=ApprovalStatus.PENDING,
        editable=False,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason of the decision"), max_length=255, blank=True)

    class Meta:
        abstract = True
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_approval_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_approval_decided",
                condition=~Q(status__in=[ApprovalStatus.GRANTED, ApprovalStatus.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="%(app_label)s_approval_status")]

    @property
    def is_pending(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == ApprovalStatus.PENDING

    def mark_decided(
        self, *, granted: bool, decided_by_id: int, decided_at: dt.datetime, reason: str
    ) -> None:
        """Note the second person's word."""
        self.decided_by_id, self.decided_at = decided_by_id, decided_at
        self.reason = reason[:255]
        self._move_to(
            ApprovalStatus.GRANTED if granted else ApprovalStatus.REFUSED,
            "decided_by",
            "decided_at",
            "reason",
        )

    def mark_withdrawn(self) -> None:
        """Note that what it was asked for has changed."""
        self._move_to(ApprovalStatus.WITHDRAWN)

    def _move_to(self, status: ApprovalStatus, *fields: str) -> None:
        check_transition(APPROVAL_TRANSITIONS, self.status, status)
        self.status = status
        self.save(update_fields=["status", "updated_at", *fields])
