"""Which days count: a country's public holidays and weekend, and a company's own exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import holidays

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """
    The days on which a company in `country` (ISO code) works.

    `exceptions` says of single days whether they are worked, against the weekend and the public
    holidays: a bridge day taken off, a Saturday before Christmas worked.
    """

    country: str
    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether the company works on a day."""
        own = self.exceptions.get(day)
        if own is not None:
            return own
        return day.weekday() not in weekend(self.country) and not self.is_public_holiday(day)

    def is_public_holiday(self, day: dt.date) -> bool:
        """Tell whether a day is a public holiday of the whole country."""
        return day in public_holidays(self.country, day.year)

    def working_days_after(self, day: dt.date, number: int) -> dt.date:
        """
        Return the `number`-th working day after a day, which itself does not count.

        The day of an event is left out and the last day runs to its end: Regulation (EEC, Euratom)
        1182/71, article 3, and § 187 BGB. With 0 it is the day itself, or the next one worked.
        """
        if number == 0:
            return self.this_or_next(day)
        for _nth in range(number):
            day = self.this_or_next(day + _DAY)
        return day

    def this_or_next(self, day: dt.date) -> dt.date:
        """Return the first working day, this one or later."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_days_between(self, after: dt.date, until: dt.date) -> int:
        """Count the working days after one day up to and with another; 0 if there are none."""
        length = max((until - after).days, 0)
        days = (after + dt.timedelta(days=n) for n in range(1, length + 1))
        return sum(map(self.is_working_day, days))


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """Return the public holidays of a whole country in a year."""
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=16)
def weekend(country: str) -> frozenset[int]:
    """Return the weekdays (Monday is 0) on which a country does not work."""
    return frozenset(holidays.country_holidays(country).weekend)
