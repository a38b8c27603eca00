"""The deadline board: how many, by when, and which ones first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from utilcrm import clock
from utilcrm.deadlines import (
    Deadline,
    Position,
    Question,
    Source,
    merged,
    sources_for,
    streamed,
)
from utilcrm.spreadsheets import harmless

PAGE = 40
DAYS_DRAWN = 14
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Chosen:
    """What a person narrows the board by; empty strings narrow nothing."""

    when: str = ""
    source: str = ""
    kind: str = ""
    whose: str = ""


@dataclass(frozen=True)
class Bar:
    """One day of the drawing: how many of each kind fall due."""

    label: str
    numbers: list[int]


@dataclass(frozen=True)
class Board:
    """One page of the board. `next` is a cursor, "" on the last page."""

    overdue: int
    today: int
    week: int
    later: int
    series: list[str]
    bars: list[Bar]
    items: list[Deadline]
    next: str


def board(user: Any, chosen: Chosen, cursor: str = "") -> Board:
    """
    Read a page of the board.

    :raises ValueError: if the cursor is none of ours
    """
    sources = _chosen_sources(user, chosen)
    whole = Question(user=user, whose=chosen.whose, kind=chosen.kind)
    counted = [one.by_day(whole) for one in sources]
    behind = Position.decode(cursor) if cursor else None
    found = merged(sources, _bounded(whole, chosen.when), behind, PAGE + 1)
    items = found[:PAGE]
    last = items[-1] if len(found) > PAGE else None
    today = clock.today()
    return Board(
        overdue=_between(counted, None, today - _DAY),
        today=_between(counted, today, today),
        week=_between(counted, today, today + 6 * _DAY),
        later=_between(counted, today + 7 * _DAY, None),
        series=[str(one.label) for one in sources],
        bars=list(_bars(counted, today)),
        items=items,
        next=Position(last.due_at, last.source, last.id).encode() if last else "",
    )


def lines(user: Any, chosen: Chosen) -> Iterator[list[str]]:
    """Give the whole board as lines for a spreadsheet, a header first."""
    yield [_("Due"), _("What"), _("About"), _("Customer"), _("Whose"), _("State"), _("Note")]
    sources = _chosen_sources(user, chosen)
    whole = Question(user=user, whose=chosen.whose, kind=chosen.kind)
    for one in streamed(sources, _bounded(whole, chosen.when)):
        cells = (one.due_on.isoformat(), one.what, one.about, one.customer, one.owner, one.risk)
        yield [harmless(str(cell)) for cell in (*cells, one.note)]


def _chosen_sources(user: Any, chosen: Chosen) -> list[Source]:
    """Return the kinds asked for; without a wish those on which somebody of us has to act."""
    allowed = sources_for(user)
    if chosen.source:
        return [one for one in allowed if one.key == chosen.source]
    return [one for one in allowed if one.is_ours]


def _bounded(question: Question, when: str) -> Question:
    """Bound a question by days: what ends today is late from tomorrow on."""
    today = clock.today()
    # An end of the day is the beginning of the next one, hence one instant behind it.
    instant = dt.timedelta(microseconds=1)
    begun = clock.start_of_day(today) + instant
    if when == "overdue":
        return replace(question, until=begun)
    days = {"today": 1, "week": 7}.get(when)
    if days is None:
        return question
    end = clock.start_of_day(today + days * _DAY) + instant
    return replace(question, since=begun, until=end)


def _between(counted: list[dict[dt.date, int]], first: dt.date | None, last: dt.date | None) -> int:
    return sum(
        number
        for numbers in counted
        for day, number in numbers.items()
        if (first is None or first <= day) and (last is None or day <= last)
    )


def _bars(counted: list[dict[dt.date, int]], today: dt.date) -> Iterator[Bar]:
    yield Bar(_("Overdue"), [_between([one], None, today - _DAY) for one in counted])
    for ahead in range(DAYS_DRAWN):
        day = today + ahead * _DAY
        label = _("Today") if not ahead else date_format(day, "D j")
        yield Bar(label, [one.get(day, 0) for one in counted])


def mine(user: Any, limit: int = 6) -> list[Deadline]:
    """Return the most urgent deadlines of a person, for the desk."""
    sources = [one for one in sources_for(user) if one.is_ours and one.owner]
    return merged(sources, Question(user=user, whose="mine"), None, limit)
