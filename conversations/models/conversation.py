"""A conversation: everything that was written about one concern."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from accounts.models import Account
from conversations.choices import (
    CONVERSATION_TRANSITIONS,
    UNFINISHED,
    Channel,
    ConversationStatus,
)
from conversations.models.mailbox import Mailbox
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition

ConversationQuerySet = customer_queryset("account__segment", vacant=True)


class Conversation(Record, Versioned):
    """
    Messages to and fro, by one channel, with one person.

    `address` and `name` are what the person has written of themselves and prove nothing;
    `account` is set by an agent only. `contact_uuid` names the live contact of the interaction
    centre in which it is worked on; empty once that has ended, or before it was taken up.
    """

    number = models.CharField(max_length=12, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    subject = models.CharField(max_length=200)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    queue = models.CharField(max_length=40, blank=True)
    skill = models.CharField(max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField(default=5)
    language = models.CharField(max_length=5, default="en")
    address = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(
        max_length=8, choices=ConversationStatus.choices, default=ConversationStatus.NEW
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact_uuid = models.UUIDField(null=True, blank=True)
    waiting_since = models.DateTimeField()
    last_message_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        default_permissions = ("view",)
        permissions = [
            ("handle_conversation", "May answer customers in writing"),
            ("lead_conversations", "May take conversations out of colleagues' hands"),
            ("scan_letter", "May take in letters"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ConversationStatus.ASSIGNED) | Q(agent__isnull=False),
                name="conversations_assigned_to_somebody",
            ),
        ]
        indexes = [
            # The list of what waits: chats first, then the longest.
            models.Index(
                fields=["priority", "waiting_since", "id"],
                name="conversations_waiting",
                condition=Q(status=ConversationStatus.NEW),
            ),
            models.Index(fields=["-last_message_at", "-id"], name="conversations_latest"),
            models.Index(
                fields=["agent", "-last_message_at"],
                name="conversations_of_agent",
                condition=Q(status__in=["ASSIGNED", "WAITING"]),
            ),
            models.Index(fields=["account", "-last_message_at"], name="conversations_of_account"),
            # How often an address has written lately.
            models.Index(fields=["address", "-created_at"], name="conversations_of_address"),
            models.Index(
                fields=["contact_uuid"],
                name="conversations_of_contact",
                condition=Q(contact_uuid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    # Mutators

    def take(self, *, agent: Any, contact_uuid: uuid.UUID) -> None:
        """Put it into an agent's hands; one that the agent has already stays so."""
        if self.status != ConversationStatus.ASSIGNED:
            self._move(ConversationStatus.ASSIGNED)
        self.agent, self.contact_uuid = agent, contact_uuid
        self.save_changes("status", "agent", "contact_uuid")

    def hand_to(self, agent: Any) -> None:
        """Put it into a colleague's hands, who takes it up within a contact of their own."""
        if self.status != ConversationStatus.ASSIGNED:
            self._move(ConversationStatus.ASSIGNED)
        self.agent, self.contact_uuid = agent, None
        self.save_changes("status", "agent", "contact_uuid")

    def leave_contact(self) -> None:
        """The contact has ended; whoever has it in hand begins another one for it."""
        self.contact_uuid = None
        self.save_changes("contact_uuid")

    def mark_waiting_for_us(self, *, at: dt.datetime) -> None:
        """The customer has written: it waits for us, unless somebody is at it."""
        self.last_message_at = at
        if self.status in {ConversationStatus.WAITING, ConversationStatus.DONE}:
            self._move(ConversationStatus.NEW)
            self.waiting_since = at
        self.save_changes("status", "waiting_since", "last_message_at")

    def note_message(self, *, at: dt.datetime) -> None:
        """Note when something was last written, by whomever, without a change of state."""
        self.last_message_at = at
        self.save_changes("last_message_at")

    def mark_answered(self, *, at: dt.datetime, is_final: bool) -> None:
        """We have written: it waits for the customer, or is done."""
        status = ConversationStatus.DONE if is_final else ConversationStatus.WAITING
        if self.status != status:
            self._move(status)
        self.last_message_at = at
        self.save_changes("status", "last_message_at")

    def put_back(self) -> None:
        """Give it back to everybody; it has waited since it came."""
        self._move(ConversationStatus.NEW)
        self.agent = self.contact_uuid = None
        self.save_changes("status", "agent", "contact_uuid")

    def mark_done(self) -> None:
        """Nothing is left to write."""
        self._move(ConversationStatus.DONE)
        self.save_changes("status")

    def mark_spam(self) -> None:
        """It was never a customer's concern."""
        self._move(ConversationStatus.SPAM)
        self.save_changes("status")

    def link(self, account: Account | None) -> None:
        """Say whose concern it is, or that nobody knows."""
        self.account = account
        self.save_changes("account")

    def _move(self, status: str) -> None:
        check_transition(CONVERSATION_TRANSITIONS, self.status, status)
        self.status = status

    # Properties

    def is_worked_on_by(self, user: Any) -> bool:
        """Whether it is in this person's hands, within a contact."""
        return (
            self.status == ConversationStatus.ASSIGNED
            and self.agent_id == user.pk
            and self.contact_uuid is not None
        )

    def is_passed_to(self, user: Any) -> bool:
        """Whether it is in this person's hands, and not taken up yet."""
        return (
            self.status == ConversationStatus.ASSIGNED
            and self.agent_id == user.pk
            and self.contact_uuid is None
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody has still something to do or to wait for."""
        return self.status in UNFINISHED

    @property
    def who(self) -> str:
        """Return the customer's name, or what the person calls themselves."""
        if self.account is not None:
            return str(self.account.name)
        return self.name or self.address or self.number
