"""What customers said about contacts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, QuerySet

from interactions.models import SatisfactionQuestion
from interactions.queries.guidance.report import Period
from utilcrm import clock

LATELY = 90


@dataclass(frozen=True)
class Said:
    """How many were asked and answered in a stretch of days, and their mean of 1 to 5."""

    asked: int
    answered: int
    mean: Decimal | None


def said_in(period: Period, user: Any) -> Said:
    """
    Count the questions that were sent in a period, as far as the user may see their customers.

    An answer counts on the day of its question, whenever it came.
    """
    rows: QuerySet[Any] = SatisfactionQuestion.objects.visible_to(user)
    found = period.narrow(rows, "asked_at").aggregate(
        asked=Count("pk"), answered=Count("answered_at"), mean=Avg("score")
    )
    mean = round(Decimal(found["mean"]), 2) if found["mean"] is not None else None
    return Said(found["asked"], found["answered"], mean)


def said_lately(user: Any) -> Said:
    """Count the last ninety days."""
    return said_in(Period(clock.today() - dt.timedelta(days=LATELY), None), user)
