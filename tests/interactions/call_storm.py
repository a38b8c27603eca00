"""A seeded storm of call events: in its true order, and as a telephone system sends it."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, field
from typing import Any

FIRST = dt.datetime(2026, 10, 23, 22, 0, tzinfo=dt.UTC)
"""Around the night in which the clocks go back: local days and hours are not those of UTC."""

QUEUES = {"Sales": 20, "Service": 45, "Faults": 8, "": 20}
"""The queues, and within how many seconds each is to be answered."""

CAMPAIGNS = ["", "", "autumn", "green"]
EXTENSIONS = ["101", "102"]


@dataclass
class Told:
    """One call as it really happened."""

    call_id: str
    queue: str
    campaign: str
    extension: str
    direction: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, kind: str, at: dt.datetime, **more: Any) -> None:
        number = len(self.events) + 1
        self.events.append(
            {
                "id": f"{self.call_id}-{number}",
                "type": f"call.{kind}",
                "call_id": self.call_id,
                "sequence": number,
                "at": at.isoformat(),
                "caller": "+441134960177",
                "called": "+441134960100",
                "queue": self.queue,
                "campaign": self.campaign,
                "extension": self.extension,
                "direction": self.direction,
                **more,
            }
        )


def make_calls(chance: random.Random, events: int) -> list[Told]:
    """Make calls until they have so many events."""
    calls: list[Told] = []
    while sum(len(call.events) for call in calls) < events:
        is_inbound = chance.random() < 0.9
        call = Told(
            call_id=f"storm-{len(calls)}",
            queue=chance.choice(list(QUEUES)) if is_inbound else "",
            campaign=chance.choice(CAMPAIGNS),
            extension=chance.choice(EXTENSIONS),
            direction="inbound" if is_inbound else "outbound",
        )
        at = FIRST + dt.timedelta(seconds=chance.randrange(4 * 24 * 3600))
        call.tell("ringing", at)
        at += dt.timedelta(seconds=chance.randrange(1, 60))
        if chance.random() < 0.2:
            call.tell(chance.choice(["missed", "ended"]), at)
        else:
            call.tell("answered", at)
            for _hold in range(chance.choice([0, 0, 1, 2])):
                at += dt.timedelta(seconds=chance.randrange(1, 90))
                call.tell("held", at)
                at += dt.timedelta(seconds=chance.randrange(1, 90))
                call.tell("retrieved", at)
            if chance.random() < 0.1:
                at += dt.timedelta(seconds=5)
                call.extension = "103"
                call.tell("transferred", at)
            at += dt.timedelta(seconds=chance.randrange(1, 600))
            call.tell("ended", at)
        calls.append(call)
    return calls


def as_sent(calls: list[Told], chance: random.Random) -> list[bytes]:
    """Return the messages with doubles (under the same id, and under others), shuffled."""
    messages = [event for call in calls for event in call.events]
    doubled = chance.sample(messages, 60)
    renumbered = [{**event, "id": f"{event['id']}-again"} for event in chance.sample(messages, 40)]
    sent = [*messages, *doubled, *renumbered]
    chance.shuffle(sent)
    return [json.dumps(event).encode() for event in sent]
