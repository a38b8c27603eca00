"""What is to be told next of one period: pure rules over states and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from market.choices import MessageKind, PeriodStatus
from market.models import SupplyPeriod
from market.queries.supply import Supply


@dataclass(frozen=True)
class Step:
    """
    One message that is missing, or, without a kind, what only a person can settle.

    `day` is the day it is about: the start of a claim, the first day without supply.
    """

    kind: MessageKind | None
    day: dt.date


Refused = Collection[tuple[str, dt.date | None]]
"""Kinds and days that the register has refused and nobody has dealt with."""


def next_step(
    period: SupplyPeriod, supply: Supply | None, *, today: dt.date, refused: Refused = ()
) -> Step | None:
    """Return what the register does not know yet of a period that it answers for; None if all."""
    rule = _STEPS.get(period.status)
    step = rule(period, supply, today) if rule is not None else None
    if step is not None and (step.kind, step.day) in refused:
        return None
    return step


def _planned(period: SupplyPeriod, supply: Supply | None, today: dt.date) -> Step | None:
    if supply is None or supply.starts_on != period.starts_on:
        return None
    return Step(MessageKind.CLAIM, period.starts_on)


def _confirmed(period: SupplyPeriod, supply: Supply | None, today: dt.date) -> Step | None:
    if supply is None or supply.starts_on != period.starts_on:
        return _wrong_start(period, supply, today)
    if supply.ends_on is None:
        return None
    kind = MessageKind.NOTICE if supply.ends_on > today else MessageKind.END
    return Step(kind, supply.ends_on)


def _ending(period: SupplyPeriod, supply: Supply | None, today: dt.date) -> Step | None:
    if supply is None or supply.starts_on != period.starts_on:
        return _wrong_start(period, supply, today)
    if supply.ends_on is not None and supply.ends_on <= today:
        # The end counts, whatever day was announced.
        return Step(MessageKind.END, supply.ends_on)
    if supply.ends_on == period.ends_on:
        return None
    return Step(MessageKind.NOTICE_BACK, period.ends_on or period.starts_on)


def _wrong_start(period: SupplyPeriod, supply: Supply | None, today: dt.date) -> Step | None:
    """A claim can be taken back before its day; after that the supply can only end."""
    if period.starts_on > today:
        return Step(MessageKind.WITHDRAWAL, period.starts_on)
    if supply is None:
        return Step(MessageKind.END, period.starts_on)
    return Step(None, supply.starts_on)


_STEPS: dict[str, Callable[[SupplyPeriod, Supply | None, dt.date], Step | None]] = {
    PeriodStatus.PLANNED: _planned,
    PeriodStatus.CONFIRMED: _confirmed,
    PeriodStatus.ENDING: _ending,
}
