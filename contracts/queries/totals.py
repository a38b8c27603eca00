"""What a contract with several legs will cost in its first year: each leg, and both together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contracts.choices import ItemRole, ItemStatus
from contracts.models import Contract, ContractItem
from products.queries.costing import Cost, PriceLine, first_year_cost, total_cost
from products.queries.pricing import NoLoadProfile, load_profile, vat_rate
from tenants.queries import current_profile

_GONE = (ItemStatus.CANCELLED, ItemStatus.ENDED)


@dataclass(frozen=True)
class LegTotal:
    """One leg and its cost."""

    role: str
    label: Any
    cost: Cost


@dataclass(frozen=True)
class LegTotals:
    """The legs of a contract, the supply first, and what they cost together."""

    legs: tuple[LegTotal, ...]
    total: Cost


def totals_of_legs(contract: Contract, items: Iterable[ContractItem]) -> LegTotals | None:
    """
    Return the expected cost of each leg and of all; None for a contract with one leg only.

    The items come with their prices. A leg that has ended, or whose prices the ERP alone knows, has
    no cost; then there is no sum to tell either.
    """
    standing = [item for item in items if item.status not in _GONE]
    if len({item.role for item in standing}) < 2:
        return None
    try:
        costs = [(item, _cost(contract, item)) for item in standing]
    except NoLoadProfile:
        return None
    legs = tuple(
        LegTotal(role=item.role, label=ItemRole(item.role).label, cost=cost)
        for item, cost in costs
        if cost is not None
    )
    if len(legs) < len(standing):
        return None
    return LegTotals(legs=legs, total=total_cost([leg.cost for leg in legs]))


def _cost(contract: Contract, item: ContractItem) -> Cost | None:
    lines = [
        PriceLine(row.component, row.rate_type, row.amount, row.agreed_amount)
        for row in item.prices.all()
    ]
    if not lines or item.expected_annual_kwh is None:
        return None
    segment = contract.account.segment
    return first_year_cost(
        lines,
        annual_kwh=item.expected_annual_kwh,
        start_date=item.starts_on,
        profile=load_profile(division=item.division, segment=segment),
        vat_rate=vat_rate(current_profile(), segment),
        currency=contract.currency,
    )
