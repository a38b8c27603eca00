"""Where both books differ, how many of each kind, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from billing_sync.choices import (
    DEFAULT_OWNERS,
    DifferenceKind,
    DifferenceStatus,
    ObjectType,
)
from billing_sync.models import Comparison, Difference

_SENDABLE = frozenset({ObjectType.BUSINESS_PARTNER, ObjectType.CONTRACT_ACCOUNT})
_SENT_OF_CONTRACTS = frozenset({"ends_on", "product_name"})
_NOT_FETCHED = frozenset({"contact_points"})
"""Fetching only adds ways to reach a customer: what is too many here stays."""

_HISTORY = 20


@dataclass(frozen=True)
class KindCount:
    """How many open differences are of a kind."""

    kind: str
    label: str
    number: int


def open_differences(user: Any) -> QuerySet[Difference]:
    """Return the open differences about customers that a person may see."""
    return (
        Difference.objects.visible_to(user)
        .filter(status=DifferenceStatus.OPEN)
        .select_related("account")
    )


def counts_by_kind(differences: QuerySet[Difference]) -> list[KindCount]:
    """Return how many there are of each kind, in the order of the kinds."""
    found = dict(differences.order_by().values_list("kind").annotate(number=Count("pk")))
    return [
        KindCount(kind.value, str(kind.label), found[kind.value])
        for kind in DifferenceKind
        if found.get(kind.value)
    ]


def latest_comparisons() -> list[Comparison]:
    """Return the newest comparisons, newest first."""
    return list(Comparison.objects.order_by("-pk")[:_HISTORY])


def may_fetch(difference: Difference) -> bool:
    """Tell whether the ERP's state can be written here."""
    return difference.kind != DifferenceKind.MISSING_THERE and difference.field not in _NOT_FETCHED


def may_send(difference: Difference) -> bool:
    """Tell whether our state can be sent to the ERP."""
    if difference.kind == DifferenceKind.MISSING_HERE:
        return False
    if difference.object_type == ObjectType.CONTRACT:
        return (
            difference.kind == DifferenceKind.MISSING_THERE
            or difference.field in _SENT_OF_CONTRACTS
        )
    return difference.object_type in _SENDABLE and difference.kind != DifferenceKind.MISSING_THERE


def may_dispute(difference: Difference) -> bool:
    """Tell whether it is about a field that both sides may change."""
    return difference.field in DEFAULT_OWNERS.get(difference.object_type, {})
