"""A far side in a storm: it may take a message and lose the answer, and it remembers the truth."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from events.services.handling import (
    Awaiting,
    Done,
    Envelope,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Unknown,
)
from events.services.routing import Destination


@dataclass
class Storm:
    """What is going to happen to each call in turn; fair weather afterwards."""

    weather: Iterator[str] = field(default_factory=lambda: iter(()))
    taken: list[UUID] = field(default_factory=list)
    contents: list[tuple[str, Any]] = field(default_factory=list)
    doubtful: set[UUID] = field(default_factory=set)
    sent_in_doubt: list[UUID] = field(default_factory=list)
    is_up: bool = True

    def next(self) -> str:
        return next(self.weather, "fair")

    def take(self, envelope: Envelope) -> None:
        """Apply a message, as a far side does that does not know its own doings by their id."""
        self.taken.append(envelope.delivery_id)
        self.contents.append((envelope.ordering_key, envelope.payload["n"]))


STORM = Storm()


class StormyHandler(Handler):
    """Nothing may be sent while it is in doubt: it has to be asked about first."""

    def deliver(self, envelope: Envelope) -> Outcome:
        own = envelope.delivery_id
        if own in STORM.doubtful:
            STORM.sent_in_doubt.append(own)
        match STORM.next():
            case "away":
                return NotApplied("503")
            case "lost on the way there":
                STORM.doubtful.add(own)
                return Unknown("no answer")
            case "lost on the way back":
                STORM.take(envelope)
                STORM.doubtful.add(own)
                return Unknown("no answer")
            case "our own fault":
                STORM.take(envelope)
                STORM.doubtful.add(own)
                raise ZeroDivisionError("ours")
            case "later":
                STORM.take(envelope)
                return Awaiting()
        STORM.take(envelope)
        return Done()

    def query(self, envelope: Envelope) -> Outcome:
        weather = STORM.next()
        if weather == "away":
            return NotApplied("503")
        if weather.startswith("lost"):
            return Unknown("no answer")
        STORM.doubtful.discard(envelope.delivery_id)
        return Done() if envelope.delivery_id in STORM.taken else NotFound()

    def probe(self) -> bool:
        return STORM.is_up


DESTINATIONS = {
    "far": Destination(
        "far",
        "tests.events.storm.StormyHandler",
        quiet=30,
        confirm_after=60,
        failures_to_open=3,
        probe_every=5,
        backoff_base=2,
        backoff_cap=20,
    )
}
ROUTES: dict[str, Any] = {}


def long_and_bad() -> list[str]:
    """Return a long row of refusals to answer, with answers lost between them."""
    return [*itertools.chain.from_iterable([["away"] * 7, ["lost on the way back"]] * 6)]
