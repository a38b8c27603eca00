"""Half-open ranges of days, for constraints over two date columns."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func


class DateRange(Func):
    """`daterange(from, to, '[)')`: the first day is in, the last is out, null is unbounded."""

    function = "DATERANGE"
    output_field = DateRangeField()
