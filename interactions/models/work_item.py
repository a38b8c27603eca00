"""Work that waits for a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from accounts.models import Account
from conversations.models import Conversation
from interactions.choices.work import (
    WORK_TRANSITIONS,
    WorkChannel,
    WorkKind,
    WorkStatus,
)
from interactions.models.call import Call
from interactions.models.interaction import Interaction
from interactions.models.skill import Skill
from utilcrm.db.models import Record
from utilcrm.states import check_transition

WorkItemQuerySet = customer_queryset("account__segment", vacant=True)


class WorkItem(Record):
    """
    One call, conversation, handed-over contact or task, from waiting to done.

    `account` is whose concern it is as far as is known, and decides who may see and get it.
    `for_agent` is the one person to whom it was given; `asked` are those who have had the offer.
    For a handover `contact` is what is handed over; otherwise it is what came of the item.
    """

    # Who it may be that wrote, for pages: `interactions.queries.work.propose`.
    proposed: Any = None

    kind = models.CharField(max_length=12, choices=WorkKind.choices)
    channel = models.CharField(max_length=8, choices=WorkChannel.choices)
    queue = models.CharField(max_length=40, blank=True)
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.PositiveSmallIntegerField(default=5)
    offer_seconds = models.PositiveSmallIntegerField(default=20)
    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, null=True, blank=True, related_name="work"
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, blank=True, related_name="work"
    )
    contact = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="work"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("what is to be done"), max_length=120, blank=True)
    note = models.TextField(_("note for the colleague"), max_length=2000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=8, choices=WorkStatus.choices, default=WorkStatus.WAITING)
    waiting_since = models.DateTimeField()
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    offer_until = models.DateTimeField(null=True, blank=True)
    asked = ArrayField(models.BigIntegerField(), default=list)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("add_task", "May put tasks into a queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=WorkKind.CALL, call__isnull=False)
                | Q(kind=WorkKind.CONVERSATION, conversation__isnull=False)
                | Q(kind=WorkKind.HANDOVER, contact__isnull=False)
                | (Q(kind=WorkKind.TASK) & ~Q(title="")),
                name="interactions_work_is_about_something",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=WorkStatus.OFFERED)
                    & Q(offered_to__isnull=False, offer_until__isnull=False)
                )
                | (
                    ~Q(status=WorkStatus.OFFERED)
                    & Q(offered_to__isnull=True, offer_until__isnull=True)
                ),
                name="interactions_offer_names_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[WorkStatus.WAITING, WorkStatus.OFFERED, WorkStatus.GONE])
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="interactions_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["offered_to"],
                condition=Q(status=WorkStatus.OFFERED),
                name="interactions_one_offer_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(status__in=["WAITING", "OFFERED"], call__isnull=False),
                name="interactions_call_waits_once",
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(status__in=["WAITING", "OFFERED"], conversation__isnull=False),
                name="interactions_conversation_waits_once",
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(status__in=["WAITING", "OFFERED"], kind=WorkKind.HANDOVER),
                name="interactions_contact_waits_once",
            ),
        ]
        indexes = [
            # What is offered next, and the list of what waits.
            models.Index(
                fields=["priority", "waiting_since", "id"],
                name="interactions_work_waiting",
                condition=Q(status__in=["WAITING", "OFFERED"]),
            ),
            # A person's own tasks in hand.
            models.Index(
                fields=["accepted_by", "accepted_at"],
                name="interactions_work_in_hand",
                condition=Q(status=WorkStatus.ACCEPTED),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.uuid}"

    # Mutators

    def offer(self, *, to: Any, until: dt.datetime) -> None:
        """Offer it to somebody for a while."""
        self._move(WorkStatus.OFFERED)
        self.offered_to, self.offer_until = to, until
        self.asked = [*self.asked, to.pk]
        self._save("offered_to", "offer_until", "asked")

    def withdraw_offer(self) -> None:
        """Nobody has it now; it waits for the next person."""
        self._move(WorkStatus.WAITING)
        self.offered_to = self.offer_until = None
        self._save("offered_to", "offer_until")

    def ask_all_again(self) -> None:
        """Everybody has had it: begin anew."""
        self.asked = []
        self._save("asked")

    def accept(self, *, by: Any, at: dt.datetime, contact: Interaction | None) -> None:
        """It is in somebody's hands."""
        self._move(WorkStatus.ACCEPTED)
        self.offered_to = self.offer_until = None
        self.accepted_by, self.accepted_at = by, at
        if contact is not None:
            self.contact = contact
        self._save("offered_to", "offer_until", "accepted_by", "accepted_at", "contact")

    def finish(self, at: dt.datetime) -> None:
        """It is done."""
        self._move(WorkStatus.DONE)
        self.ended_at = at
        self._save("ended_at")

    def drop(self, at: dt.datetime) -> None:
        """Nobody needs it any more: the caller has hung up, say."""
        self._move(WorkStatus.GONE)
        self.offered_to = self.offer_until = None
        self.ended_at = at
        self._save("offered_to", "offer_until", "ended_at")

    def _move(self, status: str) -> None:
        check_transition(WORK_TRANSITIONS, self.status, status)
        self.status = status

    def _save(self, *fields: str) -> None:
        self.save(update_fields=[*fields, "status", "updated_at"])
