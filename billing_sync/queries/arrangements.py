"""Arrangements of an agreement, and what could be arranged."""

from __future__ import annotations

from accounts.models import BusinessAgreement
from billing_sync.models import OpenItem, PaymentArrangement

_SHOWN = 5


def open_items_of(agreement: BusinessAgreement) -> list[OpenItem]:
    """Return what the ERP last said is open, the oldest first."""
    return list(OpenItem.objects.filter(agreement=agreement).order_by("due_on", "document"))


def arrangements_of(agreement: BusinessAgreement) -> list[PaymentArrangement]:
    """Return the last arrangements that were asked for, newest first."""
    rows = PaymentArrangement.objects.filter(agreement=agreement).select_related("asked_by")
    return list(rows.order_by("-id")[:_SHOWN])
