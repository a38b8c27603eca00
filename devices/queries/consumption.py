"""
What was used at a point of delivery, month by month.

The count of a register goes from reading to reading; it may start again from zero once between
two of them. What was counted is spread evenly over the days in between. A device that takes the
place of another one goes on under the same logical number: the last count of the one and the first
of the other are of the same day, so nothing is missing and nothing is counted twice.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from devices.choices import RateType, Unit
from devices.models import DeviceInfoRecord, MeterReading, Register
from devices.queries.meters import device_history
from premises.models import PointOfDelivery
from utilcrm import clock

MONTHS_SHOWN = 13
_EXACT = Decimal("0.000001")
_RATES = (RateType.ALL_DAY, RateType.DAY, RateType.NIGHT)


@dataclass(frozen=True)
class Interval:
    """What was used from a day up to, not including, another; of one day if they are the same."""

    starts_on: dt.date
    ends_on: dt.date
    quantity: Decimal


@dataclass(frozen=True)
class Month:
    """A month of the chart, with what was used by each rate; None where nothing is known."""

    month: dt.date
    values: tuple[Decimal | None, ...]

    @property
    def total(self) -> Decimal:
        """What was used at all rates."""
        return sum((value for value in self.values if value is not None), Decimal(0))


@dataclass(frozen=True)
class Usage:
    """The consumption of a logical device, and the days on which its device was replaced."""

    logical_number: str
    unit: str
    rates: tuple[str, ...]
    months: list[Month]
    replaced_on: tuple[dt.date, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of a month that is shown."""
        return any(value is not None for month in self.months for value in month.values)

    @property
    def rate_labels(self) -> list[str]:
        """What each column of the months is."""
        return [str(RateType(rate).label) for rate in self.rates]

    @property
    def unit_label(self) -> str:
        """The unit as people write it."""
        return str(Unit(self.unit).label)


def usage_at(pod: PointOfDelivery, *, months: int = MONTHS_SHOWN) -> list[Usage]:
    """Return the consumption of the last months for each logical number, this month last."""
    by_number: dict[str, list[_Span]] = defaultdict(list)
    for one in device_history(pod):
        by_number[one.logical_number].append(
            _Span(list(one.device.registers.all()), one.technical_from, one.technical_to)
        )
    shown = _last_months(clock.today(), months)
    return [
        _usage(number, sorted(spans, key=lambda one: one.starts_on), shown)
        for number, spans in sorted(by_number.items())
    ]


def usage_of(record: DeviceInfoRecord, *, months: int = MONTHS_SHOWN) -> Usage:
    """Return the consumption of the last months by a meter that is described, this month last."""
    span = _Span(list(record.registers.all()), record.valid_from, record.valid_to)
    return _usage(record.serial_number, [span], _last_months(clock.today(), months))


@dataclass(frozen=True)
class _Span:
    """The counters of a meter, from its first day at a place until another hangs there."""

    registers: Sequence[Register]
    starts_on: dt.date
    ends_on: dt.date | None


def _usage(number: str, spans: Sequence[_Span], shown: list[dt.date]) -> Usage:
    by_rate: dict[str, list[Interval]] = defaultdict(list)
    units = set()
    for span in spans:
        for register in span.registers:
            units.add(register.unit)
            by_rate[register.rate_type] += intervals_of(
                register,
                register.readings.all(),
                starts_on=span.starts_on,
                ends_on=span.ends_on,
            )
    rates = tuple(rate for rate in _RATES if rate in by_rate)
    used = {rate: monthly(by_rate[rate]) for rate in rates}
    return Usage(
        logical_number=number,
        unit=min(units, default=Unit.KWH),
        rates=rates,
        months=[Month(month, tuple(used[rate].get(month) for rate in rates)) for month in shown],
        replaced_on=tuple(span.starts_on for span in spans[1:]),
    )


def intervals_of(
    register: Register,
    readings: Iterable[MeterReading],
    *,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> Iterator[Interval]:
    """Return what a register counted between its readings while its device hung at a place."""
    counted = sorted(
        (
            one
            for one in readings
            if not one.is_rejected
            and starts_on <= one.read_on
            and (ends_on is None or one.read_on <= ends_on)
        ),
        key=lambda one: (one.read_on, one.pk or 0),
    )
    for before, after in itertools.pairwise(counted):
        yield Interval(
            before.read_on,
            after.read_on,
            register.counted(before.value, after.value) * register.factor,
        )


def monthly(intervals: Iterable[Interval]) -> dict[dt.date, Decimal]:
    """Spread what was used evenly over the days; the months add up to the intervals exactly."""
    used: dict[dt.date, Decimal] = defaultdict(Decimal)
    for interval in intervals:
        days = (interval.ends_on - interval.starts_on).days
        so_far, day = Decimal(0), interval.starts_on
        while True:
            month = day.replace(day=1)
            end = min(interval.ends_on, _next_month(month))
            if end == interval.ends_on:
                used[month] += interval.quantity - so_far
                break
            passed = Decimal((end - interval.starts_on).days)
            share = (interval.quantity * passed / days).quantize(_EXACT)
            used[month] += share - so_far
            so_far, day = share, end
    return dict(used)


def _next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


def _last_months(day: dt.date, count: int) -> list[dt.date]:
    index = day.year * 12 + day.month - 1
    return [
        dt.date((index - back) // 12, (index - back) % 12 + 1, 1)
        for back in range(count - 1, -1, -1)
    ]
