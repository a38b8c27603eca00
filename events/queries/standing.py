"""How every destination stands: what waits, what stopped, since when something is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from events.choices import TroubleKind

UNKNOWN_FOR = dt.timedelta(minutes=15)
"""Somebody is told when it has not been known for so long whether a message was carried out."""

IDLE_FOR = dt.timedelta(minutes=2)
"""Somebody is told when something has been due for so long, and nobody has worked at all."""

# Each figure runs along an index of its own, however many messages have been done.
_STANDING = """
    SELECT place.name,
        COALESCE(circuit.state = 'OPEN', false), circuit.away_since, circuit.last_ok_at,
        COALESCE(circuit.last_error, ''), circuit.probe_at,
        GREATEST(circuit.updated_at, circuit.next_call_at, (
            SELECT %(now)s::timestamptz FROM events_lane l
            WHERE l.destination = place.name AND l.state = 'LEASED'
            AND l.lease_until > %(now)s LIMIT 1)),
        (SELECT count(*) FROM (
            SELECT FROM events_delivery d WHERE d.destination = place.name
            AND d.state IN ('PENDING', 'AWAITING', 'PARKED') LIMIT place.deep_at + 1) AS waiting),
        (SELECT count(*) FROM events_lane l
            WHERE l.destination = place.name AND l.state = 'PARKED'),
        (SELECT min(d.updated_at) FROM events_delivery d
            WHERE d.destination = place.name AND d.state = 'PARKED'),
        LEAST((SELECT l.available_at FROM events_lane l
            WHERE l.destination = place.name AND l.state IN ('READY', 'WAITING')
            AND l.available_at <= %(now)s ORDER BY l.available_at LIMIT 1),
            (SELECT l.lease_until FROM events_lane l
            WHERE l.destination = place.name AND l.state = 'LEASED'
            AND l.lease_until <= %(now)s ORDER BY l.lease_until LIMIT 1)),
        (SELECT l.first_failed_at FROM events_lane l
            WHERE l.destination = place.name AND l.first_failed_at IS NOT NULL
            AND l.state <> 'PARKED' ORDER BY l.first_failed_at LIMIT 1),
        (SELECT l.unknown_since FROM events_lane l
            WHERE l.destination = place.name AND l.unknown_since IS NOT NULL
            ORDER BY l.unknown_since LIMIT 1),
        late.number, late.since
    FROM unnest(%(names)s::text[], %(deep_at)s::int[]) AS place(name, deep_at)
    LEFT JOIN events_circuit circuit ON circuit.destination = place.name
    LEFT JOIN (
        SELECT d.destination, count(*)::int AS number, min(d.created_at) AS since
        FROM events_delivery d
        WHERE d.deadline_at IS NOT NULL AND d.state IN ('PENDING', 'AWAITING', 'PARKED')
        AND d.created_at + (d.deadline_at - d.created_at) / 2 < %(now)s
        GROUP BY d.destination
    ) late ON late.destination = place.name
"""


@dataclass(frozen=True)
class Limits:
    """What is still usual at one destination."""

    name: str
    deep_at: int
    troubled_after: dt.timedelta


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong at a destination: since when, and with how many."""

    kind: TroubleKind
    since: dt.datetime
    number: int = 0


@dataclass(frozen=True)
class Standing:
    """
    How one destination stands.

    ``waiting`` counts what is not finished and stops counting above ``limits.deep_at``;
    ``parked`` counts the lanes that need a person; ``due_since`` is when the longest due lane
    became due, or was left by a worker that died; ``active_at`` is when somebody worked last,
    now if somebody does; ``late`` counts messages that have used up half of their time.
    """

    limits: Limits
    is_away: bool
    away_since: dt.datetime | None
    last_ok_at: dt.datetime | None
    last_error: str
    probe_at: dt.datetime | None
    active_at: dt.datetime | None
    waiting: int
    parked: int
    parked_since: dt.datetime | None
    due_since: dt.datetime | None
    failing_since: dt.datetime | None
    unknown_since: dt.datetime | None
    late: int | None
    late_since: dt.datetime | None

    @property
    def is_deep(self) -> bool:
        """Whether more wait than is usual; ``waiting`` is then a lower bound."""
        return self.waiting > self.limits.deep_at

    def troubles(self, now: dt.datetime) -> list[Trouble]:
        """Return what somebody should be told about this destination."""
        allowed = self.limits.troubled_after
        found = []
        if self.parked and self.parked_since:
            found.append(Trouble(TroubleKind.PARKED, self.parked_since, self.parked))
        if self.is_away and self.away_since and now - self.away_since > allowed:
            found.append(Trouble(TroubleKind.AWAY, self.away_since, self.waiting))
        elif self.failing_since and now - self.failing_since > allowed:
            found.append(Trouble(TroubleKind.FAILING, self.failing_since))
        if self.unknown_since and now - self.unknown_since > UNKNOWN_FOR:
            found.append(Trouble(TroubleKind.UNKNOWN, self.unknown_since))
        if self.late and self.late_since:
            found.append(Trouble(TroubleKind.LATE, self.late_since, self.late))
        if self.is_deep:
            found.append(Trouble(TroubleKind.DEEP, self.due_since or now, self.waiting))
        if self.is_idle(now) and self.due_since:
            found.append(Trouble(TroubleKind.SILENT, self.due_since))
        return found

    def is_idle(self, now: dt.datetime) -> bool:
        """Say whether something has long been due and nobody works on anything."""
        if self.is_away or self.due_since is None or now - self.due_since <= IDLE_FOR:
            return False
        return self.active_at is None or now - self.active_at > IDLE_FOR


def standing_of(places: Sequence[Limits]) -> list[Standing]:
    """Return how destinations stand, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING,
            {
                "names": [place.name for place in places],
                "deep_at": [place.deep_at for place in places],
                "now": timezone.now(),
            },
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [Standing(place, *rows[place.name]) for place in places]
