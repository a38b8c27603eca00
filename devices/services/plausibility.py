"""Whether what a register shows is what was to be expected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from devices.choices import RateType, ReadingFinding, ReadingStatus, Unit
from devices.models import MeterReading, Register

DAYS_A_YEAR = 365
LEAST_SHARE, MOST_SHARE = Decimal("0.25"), Decimal("2.5")
"""Of the expected use; a winter month of an electrically heated home is about twice the average."""
LEAST_SPAN = 180
"""Days between two readings from which a year's use may be told."""
TOLERANCE_KWH = Decimal(60)
"""Added to both ends, so that a few days' use is never odd."""
KWH_PER_CUBIC_METRE = Decimal("11.2")
"""Calorific value of natural gas times its volume correction, as British bills use it, roughly."""
SHARES: dict[str, Decimal] = {
    RateType.ALL_DAY: Decimal(1),
    RateType.DAY: Decimal("0.65"),
    RateType.NIGHT: Decimal("0.35"),
}
"""Of a year's use that is counted by a register, when no readings tell."""


@dataclass(frozen=True)
class Assessment:
    """
    What was to be expected of a register, in its own count, and what is odd about a value.

    `least` and `most` are uses since the previous reading; `low` and `high` the counts there.
    """

    previous: MeterReading | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    finding: str = ""


def expect(*, register: Register, read_on: dt.date, annual_kwh: int | None) -> Assessment:
    """
    Return what a register should show on a day: by the last year's use, or else the expected use.

    Without a previous reading, or without anything that tells the use, there is no band.
    """
    history = list(
        MeterReading.objects.filter(register=register, read_on__lt=read_on)
        .exclude(status=ReadingStatus.REJECTED)
        .order_by("-read_on", "-id")[:24]
    )
    if not history:
        return Assessment()
    previous = history[0]
    per_day = _use_per_day(register, history, annual_kwh)
    if per_day is None:
        return Assessment(previous=previous)
    counted = per_day * (read_on - previous.read_on).days
    tolerance = _counted(register, TOLERANCE_KWH)
    least = max(counted * LEAST_SHARE - tolerance, Decimal(0)).to_integral_value(ROUND_FLOOR)
    most = (counted * MOST_SHARE + tolerance).to_integral_value(ROUND_CEILING)
    return Assessment(
        previous=previous,
        least=least,
        most=most,
        low=(previous.value + least) % register.rollover,
        high=(previous.value + most) % register.rollover,
    )


def assess(
    *,
    register: Register,
    value: Decimal,
    read_on: dt.date,
    annual_kwh: int | None,
    is_rollover: bool = False,
) -> Assessment:
    """Compare a value with what was to be expected; where nothing is expected, nothing is odd."""
    found = expect(register=register, read_on=read_on, annual_kwh=annual_kwh)
    if found.previous is None:
        return found
    use = value - found.previous.value + (register.rollover if is_rollover else 0)
    if use < 0:
        return replace(found, finding=ReadingFinding.LOWER)
    if found.most is not None and use > found.most:
        return replace(found, finding=ReadingFinding.TOO_HIGH)
    if found.least is not None and use < found.least:
        return replace(found, finding=ReadingFinding.TOO_LOW)
    return found


def _use_per_day(
    register: Register, history: list[MeterReading], annual_kwh: int | None
) -> Decimal | None:
    """Return the counts of an average day: measured over the last year, else expected."""
    latest = history[0]
    for earlier in history[1:]:
        span = (latest.read_on - earlier.read_on).days
        if span >= LEAST_SPAN:
            counted = register.counted(earlier.value, latest.value)
            if counted:
                return counted / span
            break
    if not annual_kwh:
        return None
    return _counted(register, Decimal(annual_kwh)) * SHARES[register.rate_type] / DAYS_A_YEAR


def _counted(register: Register, kwh: Decimal) -> Decimal:
    """Turn energy into counts of a register."""
    units = kwh / KWH_PER_CUBIC_METRE if register.unit == Unit.M3 else kwh
    return units / register.factor
