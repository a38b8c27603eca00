"""
What a year of supply will cost: an expectation for the customer, never a bill.

Everything is exact until the end; each amount is then rounded once, half up. The twelve monthly
amounts are apportioned so that they add up to the year to the last penny.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from devices.choices import RateType
from products.choices import PriceComponent
from utilcrm.money import apportion, round_amount

MONTHS = 12


@dataclass(frozen=True)
class PriceLine:
    """One net price: per day or per kWh, before (`amount`) and after (`agreed`) the discount."""

    component: str
    rate_type: str
    amount: Decimal
    agreed: Decimal

    @property
    def is_standing_charge(self) -> bool:
        """Tell whether the price is charged per day."""
        return self.component == PriceComponent.STANDING_CHARGE

    @property
    def is_discounted(self) -> bool:
        """Tell whether the price agreed differs from the list."""
        return self.agreed != self.amount


@dataclass(frozen=True)
class ProfileShares:
    """
    A load profile in memory.

    `months` are the calendar months' parts of a year's consumption, January first; `night` the
    parts of each month that are consumed at night.
    """

    code: str
    months: tuple[Decimal, ...]
    night: tuple[Decimal, ...]

    @property
    def night_of_year(self) -> Decimal:
        """The part of a year's consumption that falls into the night."""
        return sum((m * n for m, n in zip(self.months, self.night, strict=True)), Decimal(0))


@dataclass(frozen=True)
class MonthCost:
    """One month of supply: its first day, consumption in kWh and gross cost."""

    first_day: dt.date
    kwh: Decimal
    gross: Decimal


@dataclass(frozen=True)
class Cost:
    """The first year of a supply; `gross` = `net` + `vat`, and the months add up to `gross`."""

    currency: str
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    standing_net: Decimal
    energy_net: Decimal
    months: tuple[MonthCost, ...]

    @property
    def monthly(self) -> Decimal:
        """The gross instalment if the year is paid in twelve equal parts."""
        return round_amount(self.gross / MONTHS, self.currency)

    @property
    def highest_month(self) -> Decimal:
        """The dearest month, gross."""
        return max(month.gross for month in self.months)


def first_year_cost(
    lines: Iterable[PriceLine],
    *,
    annual_kwh: int,
    start_date: dt.date,
    profile: ProfileShares,
    vat_rate: Decimal,
    currency: str,
) -> Cost:
    """
    Return what the twelve months from `start_date` will cost at the prices agreed.

    Where day and night are priced apart, the load profile says how much falls into the night.
    """
    lines = tuple(lines)
    starts = [add_months(start_date, count) for count in range(MONTHS + 1)]
    kwh = _spread(annual_kwh, starts, profile)
    per_day = sum((line.agreed for line in lines if line.is_standing_charge), Decimal(0))
    per_kwh = _energy_price(lines, profile.night_of_year)
    standing = per_day * (starts[-1] - starts[0]).days
    energy = per_kwh * annual_kwh
    net = round_amount(standing + energy, currency)
    gross = round_amount((standing + energy) * (1 + vat_rate), currency)
    weights = [per_day * (starts[i + 1] - starts[i]).days + per_kwh * kwh[i] for i in range(MONTHS)]
    return Cost(
        currency=currency,
        vat_rate=vat_rate,
        net=net,
        vat=gross - net,
        gross=gross,
        standing_net=round_amount(standing, currency),
        energy_net=round_amount(energy, currency),
        months=tuple(
            MonthCost(first_day=starts[i], kwh=kwh[i], gross=amount)
            for i, amount in enumerate(apportion(gross, weights, currency))
        ),
    )


def total_cost(costs: Sequence[Cost]) -> Cost:
    """
    Add up the costs of several supplies.

    Months are added by their position. VAT rates may differ; the sum's rate is then meaningless
    and given as zero.

    :raises ValueError: if there is nothing to add up
    """
    if not costs:
        raise ValueError("there is no cost to add up")
    rates = {cost.vat_rate for cost in costs}
    return Cost(
        currency=costs[0].currency,
        vat_rate=rates.pop() if len(rates) == 1 else Decimal(0),
        net=sum((c.net for c in costs), Decimal(0)),
        vat=sum((c.vat for c in costs), Decimal(0)),
        gross=sum((c.gross for c in costs), Decimal(0)),
        standing_net=sum((c.standing_net for c in costs), Decimal(0)),
        energy_net=sum((c.energy_net for c in costs), Decimal(0)),
        months=tuple(
            MonthCost(
                first_day=costs[0].months[i].first_day,
                kwh=sum((c.months[i].kwh for c in costs), Decimal(0)),
                gross=sum((c.months[i].gross for c in costs), Decimal(0)),
            )
            for i in range(MONTHS)
        ),
    )


def add_months(day: dt.date, count: int) -> dt.date:
    """Return the same day `count` months later, or the month's last day where it has none."""
    years, month = divmod(day.month - 1 + count, MONTHS)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _energy_price(lines: Iterable[PriceLine], night: Decimal) -> Decimal:
    """Return the price of the average kWh."""
    weights = {RateType.ALL_DAY: Decimal(1), RateType.DAY: 1 - night, RateType.NIGHT: night}
    return sum(
        (
            line.agreed * weights[RateType(line.rate_type)]
            for line in lines
            if not line.is_standing_charge
        ),
        Decimal(0),
    )


def _spread(annual_kwh: int, starts: Sequence[dt.date], profile: ProfileShares) -> list[Decimal]:
    """Return the consumption of each period between consecutive `starts`."""
    weights = [_share_between(starts[i], starts[i + 1], profile) for i in range(len(starts) - 1)]
    whole = sum(weights, Decimal(0))
    return [annual_kwh * weight / whole for weight in weights]


def _share_between(first: dt.date, last: dt.date, profile: ProfileShares) -> Decimal:
    """Return the part of a year's consumption that falls on the days from `first` to `last`."""
    share = Decimal(0)
    day = first
    while day < last:
        length = calendar.monthrange(day.year, day.month)[1]
        month_end = day.replace(day=1) + dt.timedelta(days=length)
        days = (min(month_end, last) - day).days
        share += profile.months[day.month - 1] * days / length
        day = month_end
    return share
