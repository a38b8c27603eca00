"""How people's time was spent, why customers came, and what was promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateTimeField, F, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from access.models import User
from interactions.choices import InteractionStatus
from interactions.choices.work import PresenceState
from interactions.models import PresenceSpell, Reason
from interactions.queries.statistics.scope import Scope
from utilcrm import clock

STATES = [state for state in PresenceState if state != PresenceState.OFFLINE]


@dataclass(frozen=True)
class Day:
    """One person's time in each state of `STATES` over a period."""

    agent: User
    times: list[dt.timedelta]

    @property
    def total(self) -> dt.timedelta:
        """Return the time at work."""
        return sum(self.times, dt.timedelta())


def times_by_agent(scope: Scope) -> list[Day]:
    """Add up everybody's spells, cut at the edges of the period and at the present moment."""
    begin, end = scope.begin, min(scope.end, clock.now())
    if begin >= end:
        return []
    spells = PresenceSpell.objects.filter(began_at__lt=end).filter(
        Q(ended_at=None) | Q(ended_at__gt=begin)
    )
    if scope.agent_id is not None:
        spells = spells.filter(agent_id=scope.agent_id)
    moment = DateTimeField()
    summed = (
        spells.exclude(state=PresenceState.OFFLINE)
        .annotate(
            since=Greatest("began_at", Value(begin, output_field=moment)),
            until=Least(
                Coalesce("ended_at", Value(end, output_field=moment)),
                Value(end, output_field=moment),
            ),
        )
        .order_by()
        .values_list("agent_id", "state")
        .annotate(time=Sum(F("until") - F("since")))
    )
    times = {(agent_id, state): time for agent_id, state, time in summed}
    people = User.objects.filter(pk__in={agent_id for agent_id, _state in times})
    return [
        Day(agent, [times.get((agent.pk, state), dt.timedelta()) for state in STATES])
        for agent in people.order_by("first_name", "last_name", "pk")
    ]


@dataclass(frozen=True)
class ReasonShare:
    """How often customers came for a reason."""

    reason: Reason
    number: int
    percent: int


def reasons_of(scope: Scope, user: Any, *, most: int = 12) -> list[ReasonShare]:
    """Count the reasons of the closed contacts, the most frequent first."""
    counted = list(
        scope.contacts(user)
        .filter(status=InteractionStatus.CLOSED)
        .values_list("reason_id")
        .annotate(number=Count("pk"))
        .order_by("-number", "reason_id")
    )
    total = sum(number for _key, number in counted)
    known = Reason.objects.in_bulk([key for key, _number in counted[:most]])
    return [
        ReasonShare(known[key], number, round(100 * number / total))
        for key, number in counted[:most]
    ]
