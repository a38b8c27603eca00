"""Who supplies a contract, and how an agreement stands, as people look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from contracts.models import ContractItem, ItemSupplier, SuppliedVolume, SupplyGap
from contracts.queries.supplying.forecast import months_between
from products.models import Supplier, SupplyAgreement, SupplyPrice
from products.queries.supply import suppliers_with_agreements
from utilcrm import clock


def supplied_by(items: Iterable[ContractItem]) -> dict[int, ItemSupplier]:
    """Return by item who supplies it today, or on its first day if that is still to come."""
    today = clock.today()
    days = {item.pk: max(today, item.starts_on) for item in items if not item.is_grid_usage}
    if not days:
        return {}
    rows = (
        ItemSupplier.objects.filter(item_id__in=days)
        .select_related("agreement__supplier", "price")
        .order_by("item_id", "valid_from")
    )
    return {
        row.item_id: row
        for row in rows
        if row.valid_from <= days[row.item_id]
        and (row.valid_to is None or row.valid_to > days[row.item_id])
    }


def gaps_for(viewer: object) -> QuerySet[SupplyGap]:
    """Return the gaps of contracts that somebody may see."""
    rows: QuerySet[SupplyGap] = SupplyGap.objects.visible_to(viewer)
    return rows.select_related("item__contract__account", "item__pod__premise__connection_object")


@dataclass(frozen=True)
class VolumeMonth:
    """What is expected in a month, and an even part of what was contracted; kWh."""

    month: dt.date
    expected: Decimal
    contracted: Decimal | None


@dataclass(frozen=True)
class Usage:
    """An agreement's expected volume against the contracted one; `as_of` is when it was counted."""

    months: tuple[VolumeMonth, ...]
    expected: Decimal
    contracted: int | None
    points: int
    as_of: dt.datetime | None

    @property
    def percent(self) -> int | None:
        """How much of the contracted volume is expected to be used, in per cent."""
        return round(self.expected * 100 / self.contracted) if self.contracted else None

    @property
    def is_over(self) -> bool:
        """Whether more is expected than was contracted."""
        return self.contracted is not None and self.expected > self.contracted


def usage_of(agreement: SupplyAgreement) -> Usage:
    """Return how an agreement is used by its contracts, month by month, as last counted."""
    rows = list(
        SuppliedVolume.objects.filter(agreement=agreement).order_by("month", "division", "segment")
    )
    by_month: dict[dt.date, Decimal] = {}
    for row in rows:
        by_month[row.month] = by_month.get(row.month, Decimal(0)) + row.expected_kwh
    part = None
    if agreement.contracted_kwh is not None and agreement.valid_to is not None:
        last = agreement.valid_to - dt.timedelta(days=1)
        part = Decimal(agreement.contracted_kwh) / (months_between(agreement.valid_from, last) + 1)
    this_month = clock.today().replace(day=1)
    return Usage(
        months=tuple(VolumeMonth(month, kwh, part) for month, kwh in by_month.items()),
        expected=sum(by_month.values(), Decimal(0)),
        contracted=agreement.contracted_kwh,
        points=sum(row.points for row in rows if row.month == this_month),
        as_of=max((row.updated_at for row in rows), default=None),
    )


@dataclass(frozen=True)
class ListedAgreement:
    """An agreement with today's price and the expected volume of all its months, in kWh."""

    agreement: SupplyAgreement
    price_now: SupplyPrice | None
    used: Decimal | None


@dataclass(frozen=True)
class ListedSupplier:
    """A supplier with its agreements, as the list shows them."""

    supplier: Supplier
    agreements: tuple[ListedAgreement, ...]


def list_suppliers(today: dt.date) -> list[ListedSupplier]:
    """Return all suppliers; there are as many as were negotiated with."""
    rows = SuppliedVolume.objects.values("agreement_id").annotate(kwh=Sum("expected_kwh"))
    used = dict(rows.values_list("agreement_id", "kwh"))
    return [
        ListedSupplier(
            supplier,
            tuple(
                ListedAgreement(one, _price_on(one, today), used.get(one.pk))
                for one in supplier.agreements.all()
            ),
        )
        for supplier in suppliers_with_agreements()
    ]


def _price_on(agreement: SupplyAgreement, day: dt.date) -> SupplyPrice | None:
    return next((one for one in agreement.prices.all() if one.is_valid_on(day)), None)
