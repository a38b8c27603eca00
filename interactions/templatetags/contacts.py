"""How contacts and their times are written."""

from __future__ import annotations

import datetime as dt

from django import template

from interactions.queries import results
from utilcrm.identifiers.phones import display_phone

register = template.Library()


@register.filter
def phone(e164: str) -> str:
    """Write a telephone number the way people read it."""
    return display_phone(e164) if e164 else ""


@register.filter
def duration(value: dt.timedelta | float | None) -> str:
    """Write a length of time as 1:05 or 2:01:05; a dash if there is none."""
    if value is None:
        return "–"
    seconds = round(value.total_seconds() if isinstance(value, dt.timedelta) else value)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def result_label(code: str) -> str:
    """Write what came of a contact in the tenant's words."""
    return results.result_label(code) if code else ""
