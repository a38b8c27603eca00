"""From which day on the purchases of contracts may be changed."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.queries import current_profile
from utilcrm import clock


def too_far_back(day: dt.date) -> str:
    """Return why a day is too long ago to change what was bought, in plain words; empty if not."""
    earliest = clock.today() - dt.timedelta(days=current_profile().past_start_days)
    if day >= earliest:
        return ""
    return _("The day lies too far back; the earliest is %(day)s.") % {
        "day": date_format(earliest, "SHORT_DATE_FORMAT")
    }
