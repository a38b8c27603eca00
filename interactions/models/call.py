"""Telephone calls, as their events tell them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import models

from access.visibility import customer_queryset
from interactions.choices import CALL_OVER, CallStatus, Direction
from utilcrm.db.models import Record

CallQuerySet = customer_queryset("interaction__account__segment", vacant=True)


@dataclass(frozen=True)
class Story:
    """What all events of a call say together; see `interactions.services.retelling`."""

    status: str
    queue: str
    extension: str
    rang_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    held_seconds: int
    transfers: int
    end_is_presumed: bool
    last_event_at: dt.datetime


class Call(Record):
    """
    One call on one line. Numbers are E.164, or empty when withheld.

    `queue` is where it first rang; `extension` where it is now. `held_seconds` adds up its holds.
    `end_is_presumed`: nobody told of its end, and it was closed because nothing more was heard.
    """

    call_id = models.CharField(max_length=64, unique=True)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.INBOUND)
    caller_number = models.CharField(max_length=20, blank=True)
    called_number = models.CharField(max_length=20, blank=True)
    queue = models.CharField(max_length=40, blank=True)
    campaign = models.CharField(max_length=40, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=CallStatus.choices, default=CallStatus.RINGING)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    held_seconds = models.PositiveIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)
    end_is_presumed = models.BooleanField(default=False)
    last_event_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("view_statistics", "May see the figures of the interaction centre")]
        indexes = [
            # The live poll asks for the calls that ring at one extension.
            models.Index(
                fields=["extension", "-rang_at"],
                name="interactions_call_ringing",
                condition=models.Q(status=CallStatus.RINGING),
            ),
            # Calls that are not over, for the wall and for the sweep of forgotten ones.
            models.Index(
                fields=["last_event_at"],
                name="interactions_call_going_on",
                condition=models.Q(status__in=["RINGING", "CONNECTED", "HELD"]),
            ),
            # Statistics over a period.
            models.Index(fields=["rang_at", "id"], name="interactions_call_period"),
        ]

    def __str__(self) -> str:
        return f"{self.caller_number or '?'} → {self.extension or self.queue}"

    @property
    def is_over(self) -> bool:
        """Whether nobody is on the line any more."""
        return self.status in CALL_OVER

    @property
    def wait(self) -> dt.timedelta | None:
        """Return how long the caller waited for an answer, or until giving up."""
        until = self.answered_at or self.ended_at
        return until - self.rang_at if until else None

    def name_parties(self, **facts: str) -> None:
        """Take over who calls whom, and why; the row is locked by the caller."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=[*facts, "updated_at"])

    def retell(self, story: Story) -> None:
        """Take over what all events say together; the row is locked by the caller."""
        facts = asdict(story)
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=[*facts, "updated_at"])
