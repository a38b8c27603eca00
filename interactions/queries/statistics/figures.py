"""Volume, abandonment, speed of answer, handling time and first-contact resolution."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from interactions.choices import CALL_OVER, Direction, InteractionStatus, Result
from interactions.models import Call, Interaction, WorkQueue
from interactions.queries.statistics.scope import Scope, between, key_of

AGAIN_WITHIN = dt.timedelta(days=7)
"""A customer who comes back with the same concern within this time was not helped at once."""

UNRESOLVED = frozenset({Result.FOLLOW_UP, Result.NOT_REACHED, Result.NOT_STATED})

_NONE = dt.timedelta()


@dataclass
class Figures:
    """
    The figures of one row.

    `volume` inbound calls that rang; `answered` and `abandoned` of them (what still rings is
    neither); `in_time` answered within the queue's time. `waited` adds up the waits of the answered
    calls. `handled` closed contacts of every channel, `handling` the sum of their times from
    beginning to closing, wrap-up and hold included; `wrapping` its part after the customer had
    gone. `first` closed inbound contacts of an identified customer who had not come with the same
    reason in the seven days before; `resolved` of them those that ended with a result and
    without the customer coming back with it in the seven days after. `asked` contacts after
    which the customer was asked how it was, `said` of them those that were answered; `score` adds
    up the answers, 1 (bad) to 5 (very good).
    """

    volume: int = 0
    answered: int = 0
    abandoned: int = 0
    in_time: int = 0
    waited: dt.timedelta = _NONE
    longest: dt.timedelta = _NONE
    held: int = 0
    outbound: int = 0
    handled: int = 0
    handling: dt.timedelta = _NONE
    wrapping: dt.timedelta = _NONE
    first: int = 0
    resolved: int = 0
    asked: int = 0
    said: int = 0
    score: int = 0

    @property
    def abandonment(self) -> float | None:
        """Return the share of calls that nobody answered, of those that are decided (per cent)."""
        return _percent(self.abandoned, self.answered + self.abandoned)

    @property
    def service_level(self) -> float | None:
        """Return the share answered in time, of those that are decided (per cent)."""
        return _percent(self.in_time, self.answered + self.abandoned)

    @property
    def speed(self) -> int | None:
        """Return the mean wait of the answered calls (seconds)."""
        return _mean(self.waited, self.answered)

    @property
    def handling_time(self) -> int | None:
        """Return the mean time from beginning to closing (seconds)."""
        return _mean(self.handling, self.handled)

    @property
    def wrap_up_time(self) -> int | None:
        """Return the mean time of the wrap-up (seconds)."""
        return _mean(self.wrapping, self.handled)

    @property
    def satisfaction(self) -> float | None:
        """Return the mean of the answers, 1 to 5."""
        return round(self.score / self.said, 1) if self.said else None

    @property
    def resolution(self) -> float | None:
        """Return the share of first contacts that resolved the concern (per cent)."""
        return _percent(self.resolved, self.first)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(total: dt.timedelta, number: int) -> int | None:
    return round(total.total_seconds() / number) if number else None


def figures_by(dimension: str, scope: Scope, user: Any) -> dict[Any, Figures]:
    """Compute the figures of each queue, person, campaign, day or hour: four queries."""
    rows: dict[Any, Figures] = {}
    for grouped in (
        _of_calls(scope.calls(user), dimension),
        _of_contacts(scope.contacts(user), dimension),
        _of_first_contacts(scope, user, dimension),
        _of_answers(scope.contacts(user), dimension),
    ):
        for values in grouped:
            figures = rows.setdefault(values.pop("key"), Figures())
            for name, value in values.items():
                setattr(figures, name, value or getattr(figures, name))
    return rows


def total_of(rows: Iterable[Figures]) -> Figures:
    """Add rows up; the longest wait is the longest of all."""
    total = Figures()
    for row in rows:
        for field in fields(Figures):
            mine, theirs = getattr(total, field.name), getattr(row, field.name)
            value = max(mine, theirs) if field.name == "longest" else mine + theirs
            setattr(total, field.name, value)
    return total


def answer_within() -> Case:
    """Return the seconds within which a call of the row's queue is to be answered; one query."""
    rules = WorkQueue.objects.values_list("name", "answer_seconds")
    default = WorkQueue._meta.get_field("answer_seconds").default
    return Case(
        *(When(queue__iexact=name, then=Value(seconds)) for name, seconds in rules),
        default=Value(default),
        output_field=IntegerField(),
    )


def with_outcome(calls: QuerySet[Call]) -> QuerySet[Any]:
    """Mark calls as `answered`, `in_time`, `abandoned`, `ringing` or `outbound` (`outcome`)."""
    limit = Func(
        answer_within(),
        template="make_interval(secs => %(expressions)s)",
        output_field=DurationField(),
    )
    return calls.annotate(limit=limit).annotate(
        outcome=Case(
            When(direction=Direction.OUTBOUND, then=Value("outbound")),
            When(answered_at__lte=F("rang_at") + F("limit"), then=Value("in_time")),
            When(answered_at__isnull=False, then=Value("answered")),
            When(status__in=CALL_OVER, then=Value("abandoned")),
            default=Value("ringing"),
        )
    )


def _of_calls(calls: QuerySet[Call], dimension: str) -> Any:
    inbound = ~Q(outcome="outbound")
    answered = Q(outcome__in=["in_time", "answered"])
    return (
        with_outcome(calls)
        .values(key=key_of(dimension, moment="rang_at", agent="interaction__agent_id"))
        .annotate(
            volume=Count("pk", filter=inbound),
            answered=Count("pk", filter=answered),
            abandoned=Count("pk", filter=Q(outcome="abandoned")),
            in_time=Count("pk", filter=Q(outcome="in_time")),
            waited=Sum(between("rang_at", "answered_at"), filter=answered),
            longest=Max(
                Case(
                    When(answered_at__isnull=False, then=between("rang_at", "answered_at")),
                    default=between("rang_at", "ended_at"),
                ),
                filter=inbound,
            ),
            held=Sum("held_seconds", filter=inbound),
            outbound=Count("pk", filter=~inbound),
        )
    )


def _of_contacts(rows: QuerySet[Interaction], dimension: str) -> Any:
    return (
        rows.filter(status=InteractionStatus.CLOSED)
        .values(key=key_of(dimension, moment="started_at", agent="agent_id"))
        .annotate(
            handled=Count("pk"),
            handling=Sum(between("started_at", "closed_at")),
            wrapping=Sum(between("ended_at", "closed_at")),
        )
    )


def _of_answers(rows: QuerySet[Interaction], dimension: str) -> Any:
    return (
        rows.filter(satisfaction__isnull=False)
        .values(key=key_of(dimension, moment="started_at", agent="agent_id"))
        .annotate(
            asked=Count("pk"),
            said=Count("satisfaction__answered_at"),
            score=Sum("satisfaction__score"),
        )
    )


def _of_first_contacts(scope: Scope, user: Any, dimension: str) -> Any:
    # The days around the period are said once more: the rest of the past need not be read.
    same = Interaction.objects.filter(
        account=OuterRef("account"),
        reason=OuterRef("reason"),
        direction=Direction.INBOUND,
        started_at__gte=scope.begin - AGAIN_WITHIN,
        started_at__lte=scope.end + AGAIN_WITHIN,
    ).exclude(status=InteractionStatus.CLEARED)
    before = same.filter(
        started_at__lt=OuterRef("started_at"), started_at__gte=OuterRef("started_at") - AGAIN_WITHIN
    )
    after = same.filter(
        started_at__gt=OuterRef("started_at"), started_at__lte=OuterRef("started_at") + AGAIN_WITHIN
    )
    return (
        scope.contacts(user)
        .filter(
            ~Exists(before),
            status=InteractionStatus.CLOSED,
            direction=Direction.INBOUND,
            account__isnull=False,
        )
        .annotate(is_resolved=~Exists(after) & ~Q(result__in=UNRESOLVED))
        .values(key=key_of(dimension, moment="started_at", agent="agent_id"))
        .annotate(first=Count("pk"), resolved=Count("pk", filter=Q(is_resolved=True)))
    )
