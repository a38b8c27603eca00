"""Which quotations are at hand: of a customer, and for somebody's decision."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from quotations.choices import ApprovalStatus, QuotationStatus
from quotations.models import Approval, Quotation


def drafts_to_resume(account: Account, *, limit: int = 5) -> list[Quotation]:
    """Return the account's unfinished quotations, the one touched last first."""
    return list(
        Quotation.objects.filter(
            account=account,
            status__in=[QuotationStatus.DRAFT, QuotationStatus.AWAITING_APPROVAL],
        )
        .select_related("changed_by")
        .order_by("-updated_at")[:limit]
    )


def quotations_of(account: Account, *, limit: int = 10) -> list[Quotation]:
    """Return the account's newest quotations, with their items and products."""
    return list(
        Quotation.objects.filter(account=account)
        .prefetch_related("items__product")
        .order_by("-id")[:limit]
    )


def approvals_waiting_for(user: Any) -> QuerySet[Approval]:
    """Return the requests that the user may see, except their own, oldest first."""
    waiting: QuerySet[Approval] = (
        Approval.objects.visible_to(user)
        .filter(status=ApprovalStatus.PENDING)
        .exclude(requested_by=user)
        .select_related("quotation__account", "requested_by")
        .order_by("id")
    )
    return waiting


def seen_mark(quotation: Quotation) -> str:
    """Return what a page has seen of a quotation's state and letter, for comparing later."""
    letter = quotation.document.status if quotation.document else ""
    return f"{quotation.status}-{letter}"
