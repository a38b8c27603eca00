"""The approval: a second person's word on a discount above the agent's limit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from quotations.choices import ApprovalStatus
from quotations.models.discount_request import DiscountRequest
from quotations.models.quotation import Quotation


class ApprovalQuerySet(CustomerQuerySet):
    """Approvals are seen by whoever sees the account of their quotation."""

    segment_path = "quotation__account__segment"


class Approval(DiscountRequest):
    """A discount in a quotation; what it is for is the quotation's `discount_reason`."""

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="approvals")

    objects = ApprovalQuerySet.as_manager()

    class Meta(DiscountRequest.Meta):
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(
                name="quotations_approval_one_pending",
                fields=["quotation"],
                condition=Q(status=ApprovalStatus.PENDING),
            ),
            *DiscountRequest.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.quotation_id} {self.percent} %"
