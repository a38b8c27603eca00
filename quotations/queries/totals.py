"""What the offer will cost the customer in the first year, per supply and together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.choices import RateType
from products.queries.costing import Cost, PriceLine, first_year_cost, total_cost
from products.queries.pricing import load_profile, vat_rate
from quotations.models import QuotationItem
from tenants.queries import current_profile

_ORDER: dict[str, int] = {RateType.ALL_DAY: 0, RateType.DAY: 1, RateType.NIGHT: 2}


@dataclass(frozen=True)
class ItemTotal:
    """One item with the prices agreed and, once it is complete, its first-year cost."""

    item: QuotationItem
    lines: tuple[PriceLine, ...]
    cost: Cost | None


@dataclass(frozen=True)
class Totals:
    """
    All items; `total` is there once every item has a cost.

    `supply` and `grid` are its two parts, where the use of the grid is an item of its own.
    """

    items: tuple[ItemTotal, ...]
    total: Cost | None
    supply: Cost | None = None
    grid: Cost | None = None


def agreed_lines(item: QuotationItem) -> tuple[PriceLine, ...]:
    """Return the prices that were copied into the item, standing charge first."""
    rows = sorted(
        item.prices.all(), key=lambda row: (row.component == "ENERGY", _ORDER[row.rate_type])
    )
    return tuple(
        PriceLine(row.component, row.rate_type, row.amount, row.discounted_amount) for row in rows
    )


def item_cost(item: QuotationItem, lines: Iterable[PriceLine], *, segment: str) -> Cost | None:
    """Return the first-year cost, gross, at the prices agreed; None while something is open."""
    lines = tuple(lines)
    if not lines or item.expected_annual_kwh is None or item.start_date is None:
        return None
    profile = current_profile()
    return first_year_cost(
        lines,
        annual_kwh=item.expected_annual_kwh,
        start_date=item.start_date,
        profile=load_profile(division=item.division, segment=segment),
        vat_rate=vat_rate(profile, segment),
        currency=profile.currency,
    )


def totals_of(items: Sequence[QuotationItem], *, segment: str) -> Totals:
    """Cost all items of a quotation; they must come with their prices."""
    found = []
    for item in items:
        lines = agreed_lines(item)
        found.append(
            ItemTotal(item=item, lines=lines, cost=item_cost(item, lines, segment=segment))
        )
    costs = [one.cost for one in found if one.cost is not None]
    if not found or len(costs) != len(found):
        return Totals(items=tuple(found), total=None)
    grid = [one.cost for one in found if one.cost and one.item.is_grid_usage]
    supply = [one.cost for one in found if one.cost and not one.item.is_grid_usage]
    return Totals(
        items=tuple(found),
        total=total_cost(costs),
        supply=total_cost(supply) if grid else None,
        grid=total_cost(grid) if grid else None,
    )
