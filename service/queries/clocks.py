"""When a class's clock runs out, by the tenant's calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.choices import ClockUnit
from service.models import CalendarDay, CaseClass
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.workdays import WorkCalendar

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Dates:
    """All that a clock sets when it starts; moments are the first that are too late."""

    due_at: dt.datetime
    warn_at: dt.datetime
    receipt_due_at: dt.datetime | None
    deadlock_at: dt.datetime | None


def tenant_calendar() -> WorkCalendar:
    """Return the days on which this company works."""
    exceptions = dict(CalendarDay.objects.values_list("day", "is_worked"))
    return WorkCalendar(current_profile().market, exceptions)


def dates_of(
    rules: CaseClass, *, since: dt.datetime, calendar: WorkCalendar | None = None
) -> Dates:
    """
    Return the dates of a case that came in at a moment.

    The day of receipt is left out, the last day runs to its end. Days and weeks end on the day
    they end on, even if it is none on which we work: the customer's right does not wait for us.
    """
    calendar = calendar or tenant_calendar()
    day = clock.local_date(since)
    due_at = _end(last_day(calendar, day, rules.clock_length, rules.clock_unit))
    receipt_due_at = deadlock_at = None
    if rules.receipt_length:
        receipt_due_at = _end(last_day(calendar, day, rules.receipt_length, rules.receipt_unit))
    if rules.deadlock_weeks:
        deadlock_at = _end(last_day(calendar, day, rules.deadlock_weeks, ClockUnit.WEEK))
    return Dates(
        due_at=due_at,
        warn_at=since + (due_at - since) * rules.warn_percent / 100,
        receipt_due_at=receipt_due_at,
        deadlock_at=deadlock_at,
    )


def last_day(calendar: WorkCalendar, day: dt.date, length: int, unit: str) -> dt.date:
    """Return the last day of a stretch that begins with the day after `day`."""
    if unit == ClockUnit.WORKING_DAY:
        return calendar.working_days_after(day, length)
    return day + _DAY * (length * 7 if unit == ClockUnit.WEEK else length)


def moved_by(
    rules: CaseClass, *, moment: dt.datetime, stood_since: dt.datetime, until: dt.datetime
) -> dt.datetime:
    """
    Return an end of a clock that has stood for some days, moved by as many days of its own.

    Begun days do not count: a clock that stood from morning to afternoon has not stood.
    """
    calendar = tenant_calendar()
    first, last = clock.local_date(stood_since), clock.local_date(until)
    day = clock.local_date(moment - dt.timedelta(microseconds=1))
    if rules.clock_unit == ClockUnit.WORKING_DAY:
        stood = calendar.working_days_between(first, last)
        return _end(calendar.working_days_after(day, stood)) if stood else moment
    return _end(day + (last - first)) if last > first else moment


def _end(day: dt.date) -> dt.datetime:
    return clock.start_of_day(day + _DAY)
