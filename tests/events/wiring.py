"""A destination that answers as a test tells it, and keeps a ledger of what it was asked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from events.services.handling import Done, Envelope, Handler, NotFound, Outcome
from events.services.routing import Destination, Route


@dataclass
class Ledger:
    """What the far side was told, and what it is going to say."""

    delivered: list[Envelope] = field(default_factory=list)
    queried: list[Envelope] = field(default_factory=list)
    applied: list[Envelope] = field(default_factory=list)
    refused: list[Envelope] = field(default_factory=list)
    answers: deque[Outcome | Exception] = field(default_factory=deque)
    answers_to_queries: deque[Outcome] = field(default_factory=deque)
    is_up: bool = True
    probes: int = 0
    fail_to_apply: int = 0


LEDGER = Ledger()


class FarHandler(Handler):
    """A system elsewhere."""

    def deliver(self, envelope: Envelope) -> Outcome:
        LEDGER.delivered.append(envelope)
        answer = LEDGER.answers.popleft() if LEDGER.answers else Done()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def query(self, envelope: Envelope) -> Outcome:
        LEDGER.queried.append(envelope)
        return LEDGER.answers_to_queries.popleft() if LEDGER.answers_to_queries else NotFound()

    def probe(self) -> bool:
        LEDGER.probes += 1
        return LEDGER.is_up

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        if LEDGER.fail_to_apply:
            LEDGER.fail_to_apply -= 1
            raise ZeroDivisionError("cannot write")
        LEDGER.applied.append(envelope)

    def refused(self, envelope: Envelope, outcome: Outcome) -> None:
        LEDGER.refused.append(envelope)

    def refreshed(self, envelope: Envelope) -> dict[str, object]:
        return {**envelope.payload, "fresh": True}


class HereHandler(FarHandler):
    """Work done in this database."""


DESTINATIONS = {
    destination.name: destination
    for destination in (
        Destination(
            "far",
            "tests.events.wiring.FarHandler",
            quiet=0,
            confirm_after=30,
            failures_to_open=3,
            probe_every=0,
        ),
        Destination("here", "tests.events.wiring.HereHandler", local=True),
    )
}
ROUTES = {
    "events.thing.happened": (
        Route("far", "thing-happened", "thing:{subject_uuid}"),
        Route("here", "thing-noted", "thing:{subject_uuid}"),
    )
}
