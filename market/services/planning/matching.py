"""Which told period stands for which supply, and what was never told: pure comparison of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from market.choices import LIVE_PERIOD, PeriodStatus
from market.models import SupplyPeriod
from market.queries.supply import Supply

_OVER = (PeriodStatus.ENDED, PeriodStatus.LOST)


@dataclass
class Match:
    """
    `pairs`: what is live at the register, each with the supply it stands for, if there is one.

    `new`: supplies that the register was never told of, or whose end it has already.
    `differing`: told ends that lie beyond what the contracts say now, which nothing can mend.
    """

    pairs: list[tuple[SupplyPeriod, Supply | None]] = field(default_factory=list)
    new: list[Supply] = field(default_factory=list)
    differing: list[SupplyPeriod] = field(default_factory=list)


def match(supplies: Sequence[Supply], told: Iterable[SupplyPeriod]) -> Match:
    """Compare what the contracts say with what was told, all of one point of delivery."""
    found = Match()
    rows = list(told)
    left = list(supplies)
    for period in sorted(
        (row for row in rows if row.status in _OVER), key=lambda row: (row.starts_on, row.pk)
    ):
        left = _take_off(left, period, found)
    for period in (row for row in rows if row.status == PeriodStatus.WITHDRAWN and row.is_held):
        supply = _stands_for(period, left)
        if supply is not None:
            left.remove(supply)
    live = [row for row in rows if row.status in LIVE_PERIOD]
    for period in sorted(live, key=lambda row: (row.starts_on, row.pk)):
        supply = _stands_for(period, left)
        if supply is not None:
            left.remove(supply)
        found.pairs.append((period, supply))
    found.new = left
    return found


def _take_off(left: list[Supply], period: SupplyPeriod, found: Match) -> list[Supply]:
    """Take a period that is over off the supply that it stood for; what remains begins anew."""
    rest: list[Supply] = []
    end = period.ends_on or period.starts_on
    covered = end == period.starts_on
    for supply in left:
        if supply.account_id != period.account_id or not _overlaps(supply, period.starts_on, end):
            rest.append(supply)
            continue
        covered = covered or supply.ends_on is None or supply.ends_on >= end
        again = _again_from(supply, period, end)
        if again is not None:
            rest.append(supply.from_day(again))
    if not covered and period.status == PeriodStatus.ENDED:
        found.differing.append(period)
    return rest


def _again_from(supply: Supply, period: SupplyPeriod, end: dt.date) -> dt.date | None:
    """
    Return the day from which on a supply has to be claimed anew.

    An end that was told and then undone: from that day. What another supplier has taken over is
    ours again only where the contract was begun anew since.
    """
    if supply.ends_on is not None and supply.ends_on <= end:
        return None
    if period.status == PeriodStatus.ENDED:
        return end
    return min((day for day in supply.beginnings if day >= end), default=None)


def _stands_for(period: SupplyPeriod, supplies: Iterable[Supply]) -> Supply | None:
    own = [one for one in supplies if one.account_id == period.account_id]
    same = [one for one in own if one.starts_on == period.starts_on]
    near = [one for one in own if _overlaps(one, period.starts_on, period.ends_on)]
    return next(iter(same or near), None)


def _overlaps(supply: Supply, start: dt.date, end: dt.date | None) -> bool:
    begins_before = end is None or supply.starts_on < end or supply.starts_on == start
    return begins_before and (supply.ends_on is None or supply.ends_on > start)
