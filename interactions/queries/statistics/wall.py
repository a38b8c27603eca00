"""What goes on at this moment, and how the day has gone so far."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from interactions.choices.work import PresenceState
from interactions.queries.statistics.figures import Figures, figures_by, total_of
from interactions.queries.statistics.scope import BY_QUEUE, Scope
from interactions.queries.work import Colleague, team, waiting_by_queue
from utilcrm import clock


@dataclass(frozen=True)
class QueueNow:
    """One queue: what waits now, and today's figures."""

    queue: str
    waiting: int
    since: dt.datetime | None
    today: Figures


@dataclass(frozen=True)
class Wall:
    """All queues, their sum, and who is there."""

    queues: list[QueueNow]
    waiting: int
    since: dt.datetime | None
    today: Figures
    people: list[Colleague]
    states: list[tuple[PresenceState, int]]
    in_contact: int


def wall(user: Any) -> Wall:
    """Read the wall, as far as the user may see the customers behind it."""
    day = clock.today()
    figures = figures_by(BY_QUEUE, Scope(first=day, last=day), user)
    waits = {one.queue: one for one in waiting_by_queue(user)}
    queues = []
    for name in sorted({*figures, *waits}):
        wait = waits.get(name)
        queues.append(
            QueueNow(
                queue=name,
                waiting=wait.number if wait else 0,
                since=wait.since if wait else None,
                today=figures.get(name, Figures()),
            )
        )
    people = [one for one in team() if one.state != PresenceState.OFFLINE or one.live]
    counted = Counter(one.state for one in people)
    moments = [one.since for one in queues if one.since is not None]
    return Wall(
        queues=queues,
        waiting=sum(one.waiting for one in queues),
        since=min(moments, default=None),
        today=total_of(figures.values()),
        people=people,
        states=[
            (state, counted[state]) for state in PresenceState if state != PresenceState.OFFLINE
        ],
        in_contact=sum(1 for one in people if one.live),
    )
