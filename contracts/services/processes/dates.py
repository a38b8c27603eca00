"""On which days a process may take effect."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.models import ContractItem
from contracts.services.processes.shapes import ProcessRefused
from tenants.queries import current_profile
from utilcrm import clock


def day_of(facts: Any, name: str, *, label: str) -> dt.date:
    """
    Return a day out of the facts.

    :raises ProcessRefused: if it is missing or no day
    """
    raw = facts.get(name) or ""
    try:
        return dt.date.fromisoformat(str(raw))
    except ValueError as exc:
        raise ProcessRefused(
            _("Enter a date: %(field)s.") % {"field": label}, code="DATE_MISSING", field=name
        ) from exc


def shown(day: dt.date) -> str:
    """Return a day as people read it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def check_limits(day: dt.date, *, field: str) -> None:
    """
    Refuse a day outside the tenant's limits.

    :raises ProcessRefused: if it lies too far back or ahead
    """
    profile, today = current_profile(), clock.today()
    earliest = today - dt.timedelta(days=profile.past_start_days)
    latest = today + dt.timedelta(days=profile.future_start_days)
    if day < earliest:
        raise ProcessRefused(
            _("That lies too far in the past: %(day)s is the earliest day.")
            % {"day": shown(earliest)},
            code="DATE_TOO_EARLY",
            field=field,
        )
    if day > latest:
        raise ProcessRefused(
            _("That lies too far ahead: %(day)s is the latest day.") % {"day": shown(latest)},
            code="DATE_TOO_LATE",
            field=field,
        )


def check_end(item: ContractItem, day: dt.date, *, field: str) -> None:
    """
    Refuse an end before the start, or inside a period that is billed.

    :raises ProcessRefused: with the first day that is possible
    """
    if day < item.starts_on:
        raise ProcessRefused(
            _("Contract %(number)s begins on %(day)s only.")
            % {"number": item.contract.number, "day": shown(item.starts_on)},
            code="END_BEFORE_START",
            field=field,
        )
    if item.billed_until is not None and day < item.billed_until:
        raise ProcessRefused(
            _("The ERP has billed contract %(number)s already; %(day)s is the earliest day.")
            % {"number": item.contract.number, "day": shown(item.billed_until)},
            code="END_BILLED",
            field=field,
        )


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later; the last of the month where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def fixed_until(item: ContractItem) -> dt.date | None:
    """Return the first day after the fixed term; None if there is none, or it is over."""
    end = term_end(item)
    return end if end is not None and end > clock.today() else None


def term_end(item: ContractItem) -> dt.date | None:
    """Return the first day after the term, over or not; None if none was agreed."""
    if not item.term_months:
        return None
    return add_months(item.fixed_from or item.starts_on, item.term_months)
