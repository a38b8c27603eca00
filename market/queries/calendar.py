"""Days on which nobody is cut off: the customer could reach nobody to have it undone."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from tenants.queries import current_profile
from utilcrm.workdays import WorkCalendar

_FRIDAY = 4


def why_no_disconnection_on(day: dt.date) -> str:
    """
    Say why nobody is disconnected on a local day; empty if it is a day for it.

    Not on Fridays, weekends and the market's public holidays, nor on the day before one.
    """
    if day.weekday() >= _FRIDAY:
        return _("Nobody is disconnected on a Friday or at the weekend.")
    calendar = WorkCalendar(current_profile().market)
    if any(map(calendar.is_public_holiday, (day, day + dt.timedelta(days=1)))):
        return _("Nobody is disconnected on a public holiday, or on the day before one.")
    return ""


def first_working_day(day: dt.date) -> dt.date:
    """Return the first day, this one or later, on which somebody may be disconnected."""
    while why_no_disconnection_on(day):
        day += dt.timedelta(days=1)
    return day
