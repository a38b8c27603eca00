"""A register that says yes to everything, on paper: what it was told, and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from events.models import Delivery
from market.choices import MARKET, UNANSWERED, Direction
from market.gateway.canonical import (
    ClaimConfirmed,
    ClaimWithdrawn,
    EndingTakenBack,
    Incoming,
    MessageAccepted,
    Outgoing,
    SupplyClaimed,
    SupplyEnded,
    SupplyEnding,
)
from market.gateway.frozen import from_json
from market.models import RegisterMessage
from market.services.answering import take_answer
from utilcrm import clock


@dataclass
class Told:
    """One claim, as the register has it now; `noticed` is an end that was only announced."""

    customer: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    noticed: dt.date | None = None
    noticed_by: uuid.UUID | None = None
    is_withdrawn: bool = False

    @property
    def end(self) -> dt.date:
        return self.ends_on or self.noticed or dt.date.max


class Ledger:
    """Takes messages in the order of their lanes and answers each at once."""

    def __init__(self) -> None:
        self.claims: dict[uuid.UUID, Told] = {}
        self.by_correlation: dict[uuid.UUID, Told] = {}
        self.messages: list[tuple[str, Outgoing]] = []

    def answer_all(self) -> set[int]:
        """Answer what waits; return about which points of delivery there was anything."""
        waiting = RegisterMessage.objects.filter(direction=Direction.OUT, status__in=UNANSWERED)
        rows = list(waiting.order_by("pk"))
        for row in rows:
            delivery = Delivery.objects.get(uuid=row.delivery_uuid, destination=MARKET)
            message = from_json(delivery.payload["message"], message_id=delivery.uuid)
            self.messages.append((row.kind, message))
            take_answer(message_uuid=row.uuid, answer=self._take(message))
        return {row.pod_id for row in rows}

    def _take(self, message: Outgoing) -> Incoming:
        head = {
            "message_id": str(uuid.uuid4()),
            "correlation_id": str(message.correlation_id),
            "created_at": clock.now(),
            "point": message.point,
            "reference_id": str(message.message_id),
        }
        if isinstance(message, SupplyClaimed):
            told = Told(whose(message.point.external_id, message.customer.name), message.starts_on)
            self.claims[message.message_id] = told
            assert message.correlation_id not in self.by_correlation
            self.by_correlation[message.correlation_id] = told
            return ClaimConfirmed(**head, starts_on=message.starts_on)
        told = self.by_correlation[message.correlation_id]
        assert not told.is_withdrawn
        assert told.ends_on is None
        today = clock.today()
        if isinstance(message, ClaimWithdrawn):
            assert self.claims[message.claim_id] is told
            assert told.starts_on > today, "a claim is taken back before its day only"
            told.is_withdrawn = True
        elif isinstance(message, SupplyEnding):
            assert message.ends_on > today
            assert told.noticed is None, "one notice at a time"
            told.noticed, told.noticed_by = message.ends_on, message.message_id
        elif isinstance(message, EndingTakenBack):
            assert told.noticed_by == message.notice_id
            told.noticed = told.noticed_by = None
        elif isinstance(message, SupplyEnded):
            assert message.ends_on <= today, "an end is told on its day"
            told.ends_on = message.ends_on
        return MessageAccepted(**head)

    def days(self) -> list[tuple[str, dt.date, dt.date]]:
        """Return who is supplied from when to when, without gaps inside, by name and day."""
        rows = [
            (told.customer, told.starts_on, told.end)
            for told in self.by_correlation.values()
            if not told.is_withdrawn and told.starts_on < told.end
        ]
        return joined(rows)


def whose(point: str, name: str) -> str:
    """Return a customer at a point of delivery."""
    return f"{point} {name}"


def joined(rows: list[tuple[str, dt.date, dt.date]]) -> list[tuple[str, dt.date, dt.date]]:
    """Return periods of the same customer that touch as one."""
    found: list[tuple[str, dt.date, dt.date]] = []
    for name, start, end in sorted(rows):
        if found and found[-1][0] == name and start <= found[-1][2]:
            found[-1] = (name, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((name, start, end))
    return found
