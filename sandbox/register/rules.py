"""What the register objects to. Each rule has a word of its own; the languages have their codes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sandbox.register.places import OURS, Place
from sandbox.register.told import (
    CLAIM,
    CUT,
    END,
    METER,
    NOTICE,
    NOTICE_BACK,
    READING,
    RESTORED,
    WITHDRAWAL,
    Told,
)

BACK_DAYS = 60
AHEAD_DAYS = 400
TEXTS = {
    "PLACE_NOT_FOUND": "place not found",
    "PLACE_AMBIGUOUS": "several places have this code",
    "PLACE_DECOMMISSIONED": "the place is decommissioned",
    "PLACE_INACTIVE": "the place has no meter yet",
    "START_TOO_FAR_BACK": f"the start lies more than {BACK_DAYS} days back",
    "START_TOO_FAR_AHEAD": f"the start lies more than {AHEAD_DAYS} days ahead",
    "SWITCH_IN_PROGRESS": "another switch is in progress",
    "ALREADY_SUPPLIED": "the place is supplied by this supplier already",
    "NOT_YOUR_SUPPLY": "the place is not supplied by this supplier on that day",
    "CLAIM_NOT_FOUND": "no claim of this supplier has this id",
    "ALREADY_STARTED": "the supply has begun already",
    "NOTICE_NOT_FOUND": "no notice of this supplier has this id",
    "END_TOO_EARLY": "an end is told on its day, not before",
    "END_TOO_FAR_BACK": f"the end lies more than {BACK_DAYS} days back",
    "REASON_MISSING": "a reason is missing",
    "ALREADY_CUT": "the place is disconnected already",
    "NOT_CUT": "the place is not disconnected",
}


class Facts:
    """What the register knows when a message comes; `supplies` are rows of its book."""

    def __init__(
        self, places: list[Place], supplies: list[dict[str, str]], notices: set[str], today: date
    ) -> None:
        self.places = places
        self.supplies = supplies
        self.notices = notices
        self.today = today

    @property
    def place(self) -> Place:
        """The place, where it is the only one."""
        return self.places[0]

    def supply_on(self, day: date) -> dict[str, str] | None:
        """Return who supplies on a day."""
        text = day.isoformat()
        return next(
            (
                row
                for row in self.supplies
                if row["starts_on"] <= text and (not row["ends_on"] or text < row["ends_on"])
            ),
            None,
        )

    def coming(self) -> list[dict[str, str]]:
        """Return supplies that have not begun."""
        return [row for row in self.supplies if row["starts_on"] > self.today.isoformat()]


def objections(told: Told, facts: Facts) -> list[str]:
    """Return the words of the rules that a message breaks; empty: it is taken."""
    if len(facts.places) != 1:
        return ["PLACE_AMBIGUOUS" if facts.places else "PLACE_NOT_FOUND"]
    return list(RULES[told.kind](told, facts))


def _claim(told: Told, facts: Facts) -> Iterator[str]:
    state = facts.place.state
    if state in {"DECOMMISSIONED", "INACTIVE"}:
        yield f"PLACE_{state}"
    if told.initial:
        return
    yield from _start(told, facts)
    if facts.coming():
        yield "SWITCH_IN_PROGRESS"
    else:
        current = facts.supply_on(told.day)
        ours = current is not None and current["supplier"] == OURS
        # Somebody else who moves in is a claim; the same customer once more is none.
        if current and ours and (told.reason != "MOVE_IN" or current["customer"] == told.customer):
            yield "ALREADY_SUPPLIED"


def _start(told: Told, facts: Facts) -> Iterator[str]:
    if told.day < facts.today - timedelta(days=BACK_DAYS):
        yield "START_TOO_FAR_BACK"
    if told.day > facts.today + timedelta(days=AHEAD_DAYS):
        yield "START_TOO_FAR_AHEAD"


def _withdrawal(told: Told, facts: Facts) -> Iterator[str]:
    claim = next((row for row in facts.supplies if row["claim_id"] == told.reference), None)
    if claim is None:
        yield "CLAIM_NOT_FOUND"
    elif claim["starts_on"] <= facts.today.isoformat():
        yield "ALREADY_STARTED"


def _end(told: Told, facts: Facts) -> Iterator[str]:
    if not told.reason:
        yield "REASON_MISSING"
    if told.day > facts.today + timedelta(days=1):
        yield "END_TOO_EARLY"
    if told.day < facts.today - timedelta(days=BACK_DAYS):
        yield "END_TOO_FAR_BACK"
    ended = any(
        row["supplier"] == OURS and row["ends_on"] == told.day.isoformat() for row in facts.supplies
    )
    if not ended:
        yield from _ours(told.day - timedelta(days=1), facts)


def _notice(told: Told, facts: Facts) -> Iterator[str]:
    if not told.reason:
        yield "REASON_MISSING"
    yield from _ours(told.day - timedelta(days=1), facts)


def _notice_back(told: Told, facts: Facts) -> Iterator[str]:
    if told.reference not in facts.notices:
        yield "NOTICE_NOT_FOUND"


def _cut(told: Told, facts: Facts) -> Iterator[str]:
    yield from _ours(told.day, facts)
    if facts.place.state == "DISCONNECTED":
        yield "ALREADY_CUT"


def _restored(told: Told, facts: Facts) -> Iterator[str]:
    yield from _ours(told.day, facts)
    if facts.place.state == "CONNECTED":
        yield "NOT_CUT"


def _about_meter(told: Told, facts: Facts) -> Iterator[str]:
    # What a meter showed on the day of the end belongs to the supply that ended.
    before = facts.supply_on(told.day - timedelta(days=1))
    if before is None or before["supplier"] != OURS:
        yield from _ours(told.day, facts)


def _ours(day: date, facts: Facts) -> Iterator[str]:
    current = facts.supply_on(day)
    if current is None or current["supplier"] != OURS:
        yield "NOT_YOUR_SUPPLY"


RULES: dict[str, Callable[[Told, Facts], Iterator[str]]] = {
    CLAIM: _claim,
    WITHDRAWAL: _withdrawal,
    NOTICE: _notice,
    NOTICE_BACK: _notice_back,
    END: _end,
    CUT: _cut,
    RESTORED: _restored,
    METER: _about_meter,
    READING: _about_meter,
}
