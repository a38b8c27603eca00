"""The interaction record: one contact with one customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models

from access.visibility import customer_queryset
from accounts.models import Account, BusinessAgreement
from interactions.choices import (
    LIVE,
    TRANSITIONS,
    Channel,
    Direction,
    InteractionStatus,
    Result,
)
from interactions.models.call import Call
from interactions.models.reason import Reason
from premises.models import Premise
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition

InteractionQuerySet = customer_queryset("account__segment", vacant=True)


class Interaction(Record, Versioned):
    """
    A contact, and the business objects that the agent has confirmed for it.

    What was touched is not stored here: events carry the contact's UUID, and the list is theirs.
    """

    number = models.CharField(max_length=12, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PHONE)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.INBOUND)
    status = models.CharField(
        max_length=8, choices=InteractionStatus.choices, default=InteractionStatus.OPEN
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interactions"
    )
    call = models.OneToOneField(
        Call, on_delete=models.PROTECT, null=True, blank=True, related_name="interaction"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions"
    )
    agreement = models.ForeignKey(
        BusinessAgreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    premise = models.ForeignKey(
        Premise, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    queue = models.CharField(max_length=40, blank=True)
    campaign = models.CharField(max_length=40, blank=True)
    colour = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    verified_points = models.JSONField(default=list)
    verified_at = models.DateTimeField(null=True, blank=True)
    reason = models.ForeignKey(
        Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.CharField(max_length=20, choices=Result.choices, blank=True)
    notes = models.TextField(blank=True)
    scratch_pad = models.TextField(blank=True)
    scratch_saved_at = models.DateTimeField(null=True, blank=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        permissions = [("handle_interaction", "May handle contacts with customers")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=InteractionStatus.CLOSED)
                | models.Q(reason__isnull=False, closed_at__isnull=False) & ~models.Q(result=""),
                name="interactions_closed_says_why",
            ),
        ]
        indexes = [
            # Past contacts in the 360 view, newest first.
            models.Index(fields=["account", "-started_at"], name="interactions_of_account"),
            # The agent's own parallel contacts, and the timer that closes forgotten ones.
            models.Index(
                fields=["agent", "started_at"],
                name="interactions_live",
                condition=models.Q(status__in=["OPEN", "WRAP_UP"]),
            ),
            # Who has been idle longest.
            models.Index(fields=["agent", "-closed_at"], name="interactions_last_closed"),
            # Statistics over a period.
            models.Index(fields=["started_at", "id"], name="interactions_period"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """Whether work still lands on this contact."""
        return self.status in LIVE

    @property
    def handled_for(self) -> dt.timedelta | None:
        """Return the time from beginning to closing, wrap-up included."""
        return self.closed_at - self.started_at if self.closed_at else None

    def confirm(self, **chosen: Any) -> None:
        """Remember the confirmed account, agreement or premise; `None` removes one."""
        for field, value in chosen.items():
            setattr(self, field, value)
        self.save_changes(*chosen)

    def mark_ended(self, at: dt.datetime) -> None:
        """
        The customer is gone; notes and reason are still to come.

        :raises IllegalTransition: unless in contact
        """
        self._move(InteractionStatus.WRAP_UP)
        self.ended_at = at
        self.save_changes("status", "ended_at")

    def mark_resumed(self) -> None:
        """
        The customer is back before the wrap-up was done.

        :raises IllegalTransition: unless in wrap-up
        """
        self._move(InteractionStatus.OPEN)
        self.ended_at = None
        self.save_changes("status", "ended_at")

    def mark_closed(self, *, at: dt.datetime, reason: Reason, result: str, notes: str) -> None:
        """
        Finish the record.

        :raises IllegalTransition: unless in wrap-up
        """
        self._move(InteractionStatus.CLOSED)
        self.closed_at = at
        self.reason = reason
        self.result = result
        self.notes = notes
        self.save_changes("status", "closed_at", "reason", "result", "notes")

    def mark_cleared(self, at: dt.datetime) -> None:
        """
        Forget a wrong identification: no customer keeps this contact.

        :raises IllegalTransition: once the record is closed
        """
        self._move(InteractionStatus.CLEARED)
        self.closed_at = at
        self.account = self.agreement = self.premise = None
        self.verified_points = []
        self.verified_at = None
        self.notes = self.scratch_pad = ""
        self.save_changes(
            "status",
            "closed_at",
            "account",
            "agreement",
            "premise",
            "verified_points",
            "verified_at",
            "notes",
            "scratch_pad",
        )

    def take_call(self, call: Call | None) -> None:
        """Make a call that we place within this contact its call; None gives the line up."""
        self.call = call
        self.save_changes("call")

    def hand_over(self, *, to: Any, colour: int, note: str = "") -> None:
        """Give the live contact to a colleague, in a colour that is free there; the pad has it."""
        self.agent, self.colour = to, colour
        self.scratch_pad = "\n".join(filter(None, [self.scratch_pad, note]))
        self.save_changes("agent", "colour", "scratch_pad")

    def _move(self, status: str) -> None:
        check_transition(TRANSITIONS, self.status, status)
        self.status = status
