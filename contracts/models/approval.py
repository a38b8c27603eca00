"""The approval of a price: a second person's word on a discount above the agent's limit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from contracts.models.process import ContractProcess
from quotations.choices import ApprovalStatus
from quotations.models.discount_request import DiscountRequest


class PriceApprovalQuerySet(CustomerQuerySet):
    """Approvals are seen by whoever sees the account of their process."""

    segment_path = "process__account__segment"


class PriceApproval(DiscountRequest):
    """A discount that a process agrees for a contract that runs already."""

    process = models.ForeignKey(ContractProcess, on_delete=models.CASCADE, related_name="approvals")
    why = models.CharField(_("what for"), max_length=255)

    objects = PriceApprovalQuerySet.as_manager()

    class Meta(DiscountRequest.Meta):
        verbose_name = _("price approval")
        verbose_name_plural = _("price approvals")
        constraints = [
            models.UniqueConstraint(
                name="contracts_approval_one_pending",
                fields=["process"],
                condition=Q(status=ApprovalStatus.PENDING),
            ),
            *DiscountRequest.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.percent} %"
