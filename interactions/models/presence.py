"""Whether somebody is there, and how much they can take."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interactions.choices.work import BreakReason, PresenceState, WorkChannel
from utilcrm.db.models import Record

_AT_ONCE = [MaxValueValidator(20)]


class Presence(Record):
    """
    One person's state, since when, and how many contacts at once by channel.

    `seen_at` is when the person's browser last asked for news; `unanswered` counts the offers in a
    row that ran out.
    """

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence"
    )
    state = models.CharField(
        max_length=8, choices=PresenceState.choices, default=PresenceState.OFFLINE
    )
    reason = models.CharField(max_length=8, choices=BreakReason.choices, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    unanswered = models.PositiveSmallIntegerField(default=0)
    calls_at_once = models.PositiveSmallIntegerField(
        _("calls at once"), default=1, validators=_AT_ONCE
    )
    chats_at_once = models.PositiveSmallIntegerField(
        _("chats at once"), default=2, validators=_AT_ONCE
    )
    writing_at_once = models.PositiveSmallIntegerField(
        _("e-mails and letters at once"), default=3, validators=_AT_ONCE
    )
    tasks_at_once = models.PositiveSmallIntegerField(
        _("tasks at once"), default=3, validators=_AT_ONCE
    )

    objects: ClassVar[models.Manager[Presence]] = models.Manager()

    class Meta:
        default_permissions = ()
        permissions = [("lead_agents", "May set what agents can do, and send them on a break")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=PresenceState.BREAK) & ~Q(reason=""))
                | (~Q(state=PresenceState.BREAK) & Q(reason="")),
                name="interactions_break_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.get_state_display()}"

    @property
    def capacity(self) -> dict[str, int]:
        """How many at once, by channel of work."""
        return {
            WorkChannel.CALL: self.calls_at_once,
            WorkChannel.CHAT: self.chats_at_once,
            WorkChannel.WRITING: self.writing_at_once,
            WorkChannel.TASK: self.tasks_at_once,
        }

    def change(self, *, state: str, reason: str, at: dt.datetime) -> None:
        """Go to a state; the row is locked by the caller, who writes the spell."""
        self.state, self.reason, self.since, self.unanswered = state, reason, at, 0
        self.save(update_fields=["state", "reason", "since", "unanswered", "updated_at"])

    def note_unanswered(self) -> int:
        """Count an offer that ran out; return how many there were in a row."""
        self.unanswered += 1
        self.save(update_fields=["unanswered", "updated_at"])
        return self.unanswered


class PresenceSpell(models.Model):
    """A stretch of time that one person spent in one state; the present one has no end."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence_spells"
    )
    state = models.CharField(max_length=8, choices=PresenceState.choices)
    reason = models.CharField(max_length=8, choices=BreakReason.choices, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at=None), name="interactions_one_present_spell"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
                name="interactions_spell_ends_after_it_began",
            ),
        ]
        indexes = [
            # Statistics: the spells that touch a period.
            models.Index(fields=["began_at", "ended_at"], name="interactions_spell_period")
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.state}"
