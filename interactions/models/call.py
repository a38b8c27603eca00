"""Telephone calls, as the telephone system tells them."""

from __future__ import annotations

import datetime as dt

from django.db import models

from interactions.choices import CALL_TRANSITIONS, CallStatus, Direction
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class Call(Record):
    """One call on one line. Numbers are E.164, or empty when withheld."""

    call_id = models.CharField(max_length=64, unique=True)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.INBOUND)
    caller_number = models.CharField(max_length=20, blank=True)
    called_number = models.CharField(max_length=20, blank=True)
    queue = models.CharField(max_length=40, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=CallStatus.choices, default=CallStatus.RINGING)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The live poll asks for the calls that ring at one extension.
            models.Index(
                fields=["extension", "-rang_at"],
                name="interactions_call_ringing",
                condition=models.Q(status=CallStatus.RINGING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.caller_number or '?'} → {self.extension}"

    def mark(self, status: str, at: dt.datetime) -> None:
        """
        Follow the telephone system to the next state.

        :raises IllegalTransition: if the message is out of order
        """
        check_transition(CALL_TRANSITIONS, self.status, status)
        self.status = status
        if status == CallStatus.CONNECTED:
            self.answered_at = at
        else:
            self.ended_at = at
        self.save(update_fields=["status", "answered_at", "ended_at", "updated_at"])
