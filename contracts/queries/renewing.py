"""Contracts whose fixed term ends soon."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from contracts.choices import EffectOutcome, ItemRole, ItemStatus
from contracts.models import ContractItem, ProcessItem
from products.choices import Term
from utilcrm import clock

WINDOWS = (30, 60, 90)


def ending_terms(*, viewer: Any, within: int) -> QuerySet[ContractItem]:
    """Return the supplies whose term ends within so many days, and not earlier than today."""
    today = clock.today()
    until = today + dt.timedelta(days=within)
    ends = Q()
    for months in Term.values:
        # what began in this span ends in the one that is asked for
        ends |= Q(
            term_months=months,
            fixed_since__gt=_months_before(today, months) - dt.timedelta(days=1),
            fixed_since__lte=_months_before(until, months),
        )
    rows: QuerySet[ContractItem] = (
        ContractItem.objects.visible_to(viewer)
        .filter(role=ItemRole.SUPPLY, status=ItemStatus.COMPLETED, ends_on__isnull=True)
        .annotate(fixed_since=Coalesce("fixed_from", "starts_on"))
        .filter(ends)
        .select_related("contract__account", "product", "pod__premise__connection_object")
        .prefetch_related(
            Prefetch(
                "process_items",
                ProcessItem.objects.filter(outcome=EffectOutcome.PENDING).select_related("process"),
                to_attr="under_way",
            )
        )
    )
    return rows


def _months_before(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 - months
    year, month = day.year + month // 12, month % 12 + 1
    first = dt.date(year, month, 1)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(first + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))
