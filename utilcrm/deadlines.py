"""
One list of everything that has to be done by some moment, whichever app knows of it.

An app registers a `Source` in its `ready()`; the board asks them all and merges what they say. A
page costs the same wherever it begins: each source reads one page along an index of its own.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import heapq
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise

from utilcrm import clock

Text = str | Promise
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """One thing to be done. `due_at` is the first moment at which it is too late."""

    source: str
    id: int
    due_at: dt.datetime
    what: Text
    about: Text
    # The name of its page's address, and the record that the address names.
    page: tuple[str, UUID]
    customer: str = ""
    customer_uuid: UUID | None = None
    owner: str = ""
    # The moment from which it counts as being in danger; None where nobody has said.
    warn_at: dt.datetime | None = None
    note: Text = ""

    @property
    def due_on(self) -> dt.date:
        """The last day on which it is in time, in the tenant's time zone."""
        return clock.local_date(self.due_at - dt.timedelta(microseconds=1))

    @property
    def risk(self) -> str:
        """OVERDUE, AT_RISK or IN_TIME: how it stands now."""
        now = clock.now()
        if self.due_at <= now:
            return "OVERDUE"
        at_risk = self.warn_at is not None and self.warn_at <= now
        return "AT_RISK" if at_risk or self.due_on == clock.today() else "IN_TIME"


@dataclass(frozen=True)
class Question:
    """Whose deadlines are asked for; `since` and `until` (not with it) bound `due_at`."""

    user: Any
    whose: str = ""
    kind: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def is_of_one(self) -> bool:
        """Whether only deadlines that have an owner, or none of one's own, are asked for."""
        return self.whose in {"mine", "nobody"}


@dataclass(frozen=True)
class Position:
    """A place in the merged list: behind the deadline with this key."""

    due_at: dt.datetime
    source: str
    id: int

    def encode(self) -> str:
        """Return it as a cursor for an address."""
        text = json.dumps([self.due_at.isoformat(), self.source, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str) -> Position:
        """
        Read a cursor.

        :raises ValueError: if it is none of ours
        """
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            moment, source, number = json.loads(raw)
            due_at = dt.datetime.fromisoformat(moment)
        except (binascii.Error, TypeError, UnicodeDecodeError, ValueError) as error:
            raise ValueError(cursor) from error
        is_ours = isinstance(source, str) and isinstance(number, int) and due_at.tzinfo
        if not is_ours:
            raise ValueError(cursor)
        return cls(due_at, source, number)


class Source(ABC):
    """
    One kind of deadline. `due` names a column that is not null in `rows`.

    `is_day` says that the column holds the last day in time, not the first moment that is too
    late; `grace` is added to such a day. `owner` names the column of whose it is, `kind` the one
    of its class; "" where such deadlines have none. `is_ours` is false where nobody has to act:
    such clocks are shown to those who ask for them.
    """

    key: ClassVar[str]
    label: ClassVar[Text]
    permission: ClassVar[str]
    icon: ClassVar[str] = "waiting"
    due: ClassVar[str] = "due_at"
    is_day: ClassVar[bool] = False
    grace: ClassVar[dt.timedelta] = dt.timedelta(0)
    is_ours: ClassVar[bool] = True
    owner: ClassVar[str] = ""
    kind: ClassVar[str] = ""

    @abstractmethod
    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what is still to be done, as far as the person may see it."""

    @abstractmethod
    def describe(self, row: Any) -> Deadline:
        """Say what one row asks for; `rows` must have fetched what it needs."""

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch along what `describe` needs; counting does without."""
        return rows

    def due_of(self, row: Any) -> dt.datetime:
        """Return the first moment that is too late."""
        value = getattr(row, self.due)
        return clock.start_of_day(value + self.grace + _DAY) if self.is_day else value

    def asked(self, question: Question) -> QuerySet[Any]:
        """Return the rows that a question is about."""
        rows = self.rows(question.user)
        if question.is_of_one and not self.owner:
            return rows.none()
        if question.kind and not self.kind:
            return rows.none()
        if question.kind:
            rows = rows.filter(**{self.kind: question.kind})
        if question.whose == "mine":
            rows = rows.filter(**{self.owner: question.user})
        elif question.whose == "nobody":
            rows = rows.filter(**{f"{self.owner}__isnull": True})
        if question.since is not None:
            rows = rows.filter(self._at_or_after(question.since))
        if question.until is not None:
            rows = rows.exclude(self._at_or_after(question.until))
        return rows

    def following(self, question: Question, behind: Position | None, limit: int) -> list[Deadline]:
        """Return the next deadlines behind a position, the most urgent first."""
        rows = self.related(self.asked(question)).order_by(self.due, "id")
        if behind is not None:
            rows = rows.filter(self._behind(behind))
        return [self.describe(row) for row in rows[:limit]]

    def by_day(self, question: Question) -> dict[dt.date, int]:
        """Count by the last day in time, in the tenant's time zone."""
        rows = self.asked(question).order_by()
        # A moment at midnight is the end of the day before.
        day = F(self.due) if self.is_day else TruncDate(F(self.due) - dt.timedelta(microseconds=1))
        counted = rows.annotate(last_day=day).values("last_day").annotate(number=Count("pk"))
        return {row["last_day"] + self.grace: row["number"] for row in counted}

    def _at_or_after(self, moment: dt.datetime) -> Q:
        if not self.is_day:
            return Q(**{f"{self.due}__gte": moment})
        day = clock.local_date(moment)
        first = day - _DAY if clock.start_of_day(day) == moment else day
        return Q(**{f"{self.due}__gte": first - self.grace})

    def _behind(self, position: Position) -> Q:
        """Keep rows that the order (due_at, source, id) puts behind a position."""
        moment: Any = position.due_at
        if self.is_day:
            day = clock.local_date(moment)
            if clock.start_of_day(day) != moment:
                return Q(**{f"{self.due}__gte": day - self.grace})
            moment = day - _DAY - self.grace
        if self.key < position.source:
            return Q(**{f"{self.due}__gt": moment})
        begins = Q(**{f"{self.due}__gte": moment})
        if self.key > position.source:
            return begins
        # `begins` says nothing new, but it is what the index can begin with.
        return begins & (Q(**{f"{self.due}__gt": moment}) | Q(id__gt=position.id))


_sources: dict[str, Source] = {}


def register(*sources: Source) -> None:
    """Put kinds of deadlines on the board; called from an app's `ready()`. Same key replaces."""
    for source in sources:
        _sources[source.key] = source


def sources_for(user: Any) -> list[Source]:
    """Return the kinds of deadlines that a person may look at, in the order of their names."""
    allowed = [one for one in _sources.values() if user.has_perm(one.permission)]
    return sorted(allowed, key=lambda one: str(one.label))


def merged(
    sources: Sequence[Source], question: Question, behind: Position | None, limit: int
) -> list[Deadline]:
    """Return the next deadlines of several kinds behind a position, the most urgent first."""
    found = (one.following(question, behind, limit) for one in sources)
    everything = heapq.merge(*found, key=lambda one: (one.due_at, one.source, one.id))
    return [one for one, _n in zip(everything, range(limit), strict=False)]


def streamed(
    sources: Sequence[Source], question: Question, *, chunk: int = 500
) -> Iterator[Deadline]:
    """Give all deadlines, the most urgent first, holding no more than a chunk at once."""
    behind: Position | None = None
    while found := merged(sources, question, behind, chunk):
        yield from found
        if len(found) < chunk:
            return
        last = found[-1]
        behind = Position(last.due_at, last.source, last.id)
