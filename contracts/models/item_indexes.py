"""Indexes of contract items, each beside the query that it serves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from contracts.choices import ItemRole, ItemStatus

ENDING_TERMS = models.Index(
    Coalesce("fixed_from", "starts_on"),
    name="contracts_item_fixed_since",
    condition=Q(role=ItemRole.SUPPLY, status=ItemStatus.COMPLETED, ends_on__isnull=True),
)
"""`contracts.queries.renewing.ending_terms`: whose term ends within some weeks."""

ENDED = models.Index(
    fields=["ends_on", "id"],
    name="contracts_item_ended",
    condition=Q(role=ItemRole.SUPPLY, status=ItemStatus.ENDED),
)
"""`contracts.queries.deadlines.FinalBills`: what ended lately and has no final bill."""

BILLED_FROM = models.Index(
    Coalesce("billed_until", "starts_on"),
    "id",
    name="contracts_item_billed_from",
    condition=Q(status=ItemStatus.COMPLETED),
)
"""`billing_sync.queries.unbilled`: what runs here and has not been billed for long."""
