"""Promises, and how many of them were kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from service.choices import PromiseKind, PromiseStatus
from service.models import Promise
from utilcrm import clock


@dataclass(frozen=True)
class KeptRate:
    """How many of the promises that fell due in a stretch of days were kept, late, or broken."""

    label: str
    kept: int
    late: int
    broken: int

    @property
    def due(self) -> int:
        """How many fell due; what was taken back never did."""
        return self.kept + self.late + self.broken

    @property
    def percent(self) -> Decimal | None:
        """The share kept in time, in per cent; None if nothing fell due."""
        if not self.due:
            return None
        return (Decimal(self.kept) * 100 / self.due).quantize(Decimal("0.1"))


def promises(user: Any) -> QuerySet[Promise]:
    """Return the promises to customers that a person may see."""
    rows: QuerySet[Promise] = Promise.objects.visible_to(user)
    return rows.select_related("account", "owner", "case")


def kept_rates(user: Any, *, first: dt.date, last: dt.date) -> list[KeptRate]:
    """
    Count the promises that fell due from one day to another, both included; the sum comes first.

    What is open although its time is over counts as broken: the clock may not have looked yet.
    """
    rows: QuerySet[Promise] = Promise.objects.visible_to(user)
    after = clock.start_of_day(last + dt.timedelta(days=1))
    instant = dt.timedelta(microseconds=1)
    rows = rows.filter(
        due_at__gte=clock.start_of_day(first) + instant,
        due_at__lt=min(after + instant, clock.now()),
    )
    late = Q(status__in=[PromiseStatus.BROKEN, PromiseStatus.OPEN])
    counted = {
        row["kind"]: row
        for row in rows.values("kind").annotate(
            kept=Count("pk", filter=Q(status=PromiseStatus.KEPT)),
            late=Count("pk", filter=Q(status=PromiseStatus.KEPT_LATE)),
            broken=Count("pk", filter=late),
        )
    }
    by_kind = [
        KeptRate(str(kind.label), row["kept"], row["late"], row["broken"])
        for kind in PromiseKind
        if (row := counted.get(kind.value))
    ]
    whole = KeptRate(
        _("All promises"),
        sum(one.kept for one in by_kind),
        sum(one.late for one in by_kind),
        sum(one.broken for one in by_kind),
    )
    return [whole, *by_kind]
