"""The tenant's calendar. Moments are stored in UTC; days are days of the tenant's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> dt.date:
    """Return the present day in the active time zone, which the tenant's entry activates."""
    return timezone.localdate()


def local_date(moment: dt.datetime) -> dt.date:
    """Return the tenant's day on which the moment falls."""
    return timezone.localdate(moment)


def start_of_day(day: dt.date, time_zone: ZoneInfo | None = None) -> dt.datetime:
    """Return the first moment of a local day; on clock-change days too."""
    zone = time_zone or timezone.get_current_timezone()
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone)
