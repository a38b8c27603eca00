"""The approval of a price: a second person's word on a discount above the agent's limit."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from contracts.models.process import ContractProcess
from quotations.choices import APPROVAL_TRANSITIONS, ApprovalStatus
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class PriceApprovalQuerySet(CustomerQuerySet):
    """Approvals are seen by whoever sees the account of their process."""

    segment_path = "process__account__segment"


class PriceApproval(Record):
    """A request to agree a discount of `percent` in a process; `reason` is the decider's."""

    process = models.ForeignKey(ContractProcess, on_delete=models.CASCADE, related_name="approvals")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    percent = models.DecimalField(_("discount"), max_digits=5, decimal_places=2)
    limit = models.DecimalField(_("own limit"), max_digits=5, decimal_places=2)
    why = models.CharField(_("what for"), max_length=255)
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

    objects = PriceApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("price approval")
        verbose_name_plural = _("price approvals")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="contracts_approval_one_pending",
                fields=["process"],
                condition=Q(status=ApprovalStatus.PENDING),
            ),
            models.CheckConstraint(
                name="contracts_approval_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="contracts_approval_decided",
                condition=~Q(status__in=[ApprovalStatus.GRANTED, ApprovalStatus.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="contracts_approval_status")]

    def __str__(self) -> str:
        return f"{self.process_id} {self.percent} %"

    def mark_decided(
        self, *, granted: bool, decided_by_id: int, decided_at: dt.datetime, reason: str
    ) -> None:
        """Note the second person's word."""
        status = ApprovalStatus.GRANTED if granted else ApprovalStatus.REFUSED
        check_transition(APPROVAL_TRANSITIONS, self.status, status)
        self.status, self.reason = status, reason[:255]
        self.decided_by_id, self.decided_at = decided_by_id, decided_at
        self.save(update_fields=["status", "reason", "decided_by", "decided_at", "updated_at"])

    @property
    def is_pending(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == ApprovalStatus.PENDING
