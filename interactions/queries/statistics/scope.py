"""What a figure is about: a period, and a queue, a person or a campaign in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils.translation import gettext_lazy as _

from interactions.choices import InteractionStatus
from interactions.models import Call, Interaction
from utilcrm import clock

BY_QUEUE, BY_AGENT, BY_CAMPAIGN, BY_DAY, BY_HOUR = "queue", "agent", "campaign", "day", "hour"

DIMENSIONS = {
    BY_QUEUE: _("By queue"),
    BY_AGENT: _("By person"),
    BY_CAMPAIGN: _("By campaign"),
    BY_DAY: _("By day"),
    BY_HOUR: _("By hour of the day"),
}


@dataclass(frozen=True)
class Scope:
    """Days of the tenant's calendar, both included; None and "" narrow nothing."""

    first: dt.date
    last: dt.date
    queue: str | None = None
    agent_id: int | None = None
    campaign: str | None = None
    hour: int | None = None

    @property
    def begin(self) -> dt.datetime:
        """Return the first moment."""
        return clock.start_of_day(self.first)

    @property
    def end(self) -> dt.datetime:
        """Return the first moment after."""
        return clock.start_of_day(self.last + dt.timedelta(days=1))

    def calls(self, user: Any) -> QuerySet[Call]:
        """Return the calls that began in the period, as far as the user may see their customers."""
        rows: QuerySet[Call] = Call.objects.visible_to(user)
        rows = rows.filter(rang_at__gte=self.begin, rang_at__lt=self.end).order_by()
        if self.agent_id is not None:
            rows = rows.filter(interaction__agent_id=self.agent_id or None)
            if not self.agent_id:
                rows = Call.objects.visible_to(user).filter(
                    rang_at__gte=self.begin, rang_at__lt=self.end, interaction=None
                )
        return self._narrow(rows, "rang_at")

    def contacts(self, user: Any) -> QuerySet[Interaction]:
        """Return the contacts that began in the period; what was cleared never was one."""
        rows: QuerySet[Interaction] = Interaction.objects.visible_to(user)
        rows = rows.filter(started_at__gte=self.begin, started_at__lt=self.end).order_by()
        rows = rows.exclude(status=InteractionStatus.CLEARED)
        if self.agent_id is not None:
            rows = rows.filter(agent_id=self.agent_id)
        return self._narrow(rows, "started_at")

    def _narrow(self, rows: QuerySet[Any], moment: str) -> QuerySet[Any]:
        if self.queue is not None:
            rows = rows.filter(queue=self.queue)
        if self.campaign is not None:
            rows = rows.filter(campaign=self.campaign)
        if self.hour is not None:
            rows = rows.annotate(hour_of_day=ExtractHour(moment)).filter(hour_of_day=self.hour)
        return rows


def key_of(dimension: str, *, moment: str, agent: str) -> Any:
    """Return the expression that a table is grouped by; one group if there is no dimension."""
    expressions = {
        BY_QUEUE: F("queue"),
        BY_AGENT: F(agent),
        BY_CAMPAIGN: F("campaign"),
        BY_DAY: TruncDate(moment),
        BY_HOUR: ExtractHour(moment),
    }
    return expressions[dimension]


def between(start: str, end: str) -> ExpressionWrapper:
    """Return the time from one column to another."""
    return ExpressionWrapper(F(end) - F(start), output_field=DurationField())
