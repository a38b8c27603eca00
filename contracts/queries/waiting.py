"""Contracts that wait for the customer's signature."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from contracts.choices import OPEN_SIGNATURE
from contracts.models import SignatureRequest


def open_requests(*, viewer: Any) -> QuerySet[SignatureRequest]:
    """Return the requests that wait for a signature, the oldest first."""
    found: QuerySet[SignatureRequest] = (
        SignatureRequest.objects.visible_to(viewer)
        .filter(status__in=OPEN_SIGNATURE)
        .select_related("account")
        .prefetch_related("contracts")
        .order_by("pk")
    )
    return found
