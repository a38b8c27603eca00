"""What a destination must be able to do, and what an attempt can come to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
"""The code under which a message stops that may or may not have been applied."""


@dataclass(frozen=True)
class Envelope:
    """One message as its handler sees it; ``delivery_id`` is the idempotency key."""

    delivery_id: uuid.UUID
    destination: str
    ordering_key: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int = 0
    event_id: int | None = None


@dataclass(frozen=True)
class About:
    """What a message is about, for people: in words, and the page of the record it belongs to."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Done:
    """Applied on the other side for sure."""

    external_ref: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Awaiting:
    """Taken by the other side; its own answer follows through the inbox."""


@dataclass(frozen=True)
class NotApplied:
    """
    Not applied for sure: try again later.

    ``reached`` says that the other side itself told us so (an object locked there, say), which
    is no sign that it is away.
    """

    reason: str
    retry_after: dt.timedelta | None = None
    reached: bool = False


@dataclass(frozen=True)
class Unknown:
    """May or may not have been applied: ask by our id before sending again."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """The other side understood and said no: a person decides. ``text`` is in plain words."""

    code: str
    field: str
    text: str


@dataclass(frozen=True)
class Again:
    """
    The other side worked on the message and failed for a passing reason (an object locked there).

    It has answered this id for good, so the message goes out anew under another one.
    """

    reason: str


@dataclass(frozen=True)
class NotFound:
    """The answer to a query: the other side has never seen our id."""


Outcome = Done | Awaiting | NotApplied | Unknown | Refused | Again | NotFound


class Handler:
    """
    Base of all handlers; one instance serves one attempt.

    ``deliver`` and ``query`` of a remote destination run outside any transaction. The other
    three hooks run inside the transaction that writes the outcome; they lock business rows
    first, as every business transaction does, and the lane is written last.
    """

    kinds: ClassVar[Mapping[str, Any]] = {}
    """What people call each kind of message."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """Hand the message over."""
        raise NotImplementedError

    def query(self, envelope: Envelope) -> Outcome:
        """
        Ask whether the message was applied.

        A destination that cannot be asked leaves the decision to a person.
        """
        return Refused(
            code=OUTCOME_UNKNOWN,
            field="",
            text=_("The outcome is unknown and the other side cannot be asked."),
        )

    def rate(self) -> float | None:
        """Return how many calls a second were agreed with the other side; None if none were."""
        return None

    def about(self, envelope: Envelope) -> About:
        """Say what a message is about; ``label`` in its payload names the record."""
        kind = str(self.kinds.get(envelope.kind, envelope.kind))
        label = str(envelope.payload.get("label", ""))
        return About(" · ".join(part for part in (kind, label) if part))

    def advice(self, envelope: Envelope, code: str) -> str:
        """Say what a person can do about a message that stopped with this code."""
        if code == OUTCOME_UNKNOWN:
            return _("It is not known whether it was carried out. Sending again asks first.")
        return _("Mend the record it is about, then send the message again.")

    def probe(self) -> bool:
        """Say whether a destination that was away answers again; may not raise."""
        return True

    def accepted(self, envelope: Envelope) -> None:
        """Write that the other side took the message."""

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Write what the other side made of the message."""

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Write that the other side refused the message."""

    def refreshed(self, envelope: Envelope) -> Mapping[str, Any]:
        """
        Return the payload for a message that is sent anew after a refusal.

        It runs inside the transaction that does so, and may tell the business record.
        """
        return envelope.payload
