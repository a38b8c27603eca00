"""Case: one inquiry, complaint, dispute or request of a customer, from receipt to its end."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.visibility import customer_queryset
from service.choices import (
    CASE_TRANSITIONS,
    OPEN,
    UNANSWERED,
    CaseStatus,
    Channel,
    EscalationLevel,
    Outcome,
)
from service.models.case_class import CaseClass
from service.models.compensation import COMPENSATION_CONSTRAINTS, Compensable
from utilcrm import clock
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class Case(Record, Versioned, Compensable):
    """
    What a customer wants answered, with the clock that the class has set.

    The clock starts on the day of receipt, not on the day it was typed in. `due_at` is the first
    moment that is too late. `round` counts how often it was taken up: 1, and 1 more for each time
    it was reopened. Who did what, and when, are its steps.
    """

    number = models.CharField(_("number"), max_length=12, unique=True)
    case_class = models.ForeignKey(
        CaseClass, on_delete=models.PROTECT, related_name="cases", verbose_name=_("class")
    )
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="cases")
    agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    premise = models.ForeignKey(
        "premises.Premise", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    contract_item = models.ForeignKey(
        "contracts.ContractItem", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bill_number = models.CharField(_("bill"), max_length=12, blank=True)
    bill_line = models.CharField(_("line of the bill"), max_length=160, blank=True)
    channel = models.CharField(_("came by"), max_length=8, choices=Channel.choices)
    subject = models.CharField(_("what it is about"), max_length=160)
    text = models.TextField(_("what the customer says"), blank=True)
    interaction_uuid = models.UUIDField(null=True, blank=True)

    status = models.CharField(
        _("status"),
        max_length=11,
        choices=CaseStatus.choices,
        default=CaseStatus.RECEIVED,
        editable=False,
    )
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("whose"),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"))
    receipt_due_at = models.DateTimeField(_("receipt due"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("receipt sent"), null=True, blank=True)
    deadlock_at = models.DateTimeField(_("deadlock letter due"), null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=13, choices=Outcome.choices, blank=True)

    escalation = models.PositiveSmallIntegerField(
        _("passed up to"), choices=EscalationLevel.choices, default=EscalationLevel.NONE
    )
    warn_at = models.DateTimeField()
    escalates_at = models.DateTimeField(null=True, blank=True)

    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )

    objects: ClassVar[models.Manager[Case]] = customer_queryset("account__segment").as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        default_permissions = ("view",)
        permissions = [
            ("open_case", "Can open cases"),
            ("work_case", "Can work on cases and answer them"),
            ("lead_cases", "Can give cases to others and decide on compensation"),
        ]
        constraints = [
            models.CheckConstraint(
                name="service_case_answered_says_what",
                condition=~Q(status=CaseStatus.ANSWERED)
                | (Q(answered_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="service_case_closed_has_a_day",
                condition=~Q(status=CaseStatus.CLOSED)
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="service_case_waits_since_when",
                condition=Q(status=CaseStatus.WAITING, waiting_since__isnull=False)
                | (~Q(status=CaseStatus.WAITING) & Q(waiting_since__isnull=True)),
            ),
            *COMPENSATION_CONSTRAINTS,
        ]
        indexes = [
            # service.queries.deadlines: the board, the most urgent first
            models.Index(
                fields=["due_at", "id"],
                name="service_case_due",
                condition=Q(status__in=sorted(UNANSWERED)),
            ),
            models.Index(
                fields=["receipt_due_at", "id"],
                name="service_case_receipt_due",
                condition=Q(receipt_due_at__isnull=False, acknowledged_at__isnull=True),
            ),
            # service.services.escalating
            models.Index(
                fields=["escalates_at"],
                name="service_case_escalates",
                condition=Q(escalates_at__isnull=False),
            ),
            models.Index(
                fields=["deadlock_at"],
                name="service_case_deadlock",
                condition=Q(deadlock_at__isnull=False, status__in=sorted(UNANSWERED)),
            ),
            # service.services.closing: what closes by itself
            models.Index(
                fields=["answered_at"],
                name="service_case_answered",
                condition=Q(status=CaseStatus.ANSWERED),
            ),
            # service.views.cases: whoever is in charge decides, answered or not
            models.Index(
                fields=["-id"],
                name="service_case_to_decide",
                condition=Q(compensation="PROPOSED"),
            ),
            models.Index(fields=["account", "-id"], name="service_case_account"),
            models.Index(
                fields=["owner", "due_at"],
                name="service_case_owner",
                condition=Q(status__in=sorted(OPEN)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # Mutators

    def assign(self, person: User | None) -> None:
        """Say whose it is; what was only received is in progress from then on."""
        self.owner = person
        if person is not None and self.status in {CaseStatus.RECEIVED, CaseStatus.REOPENED}:
            self._move_to(CaseStatus.IN_PROGRESS, "owner")
        else:
            self.save_changes("owner")

    def mark_acknowledged(self, *, at: dt.datetime) -> None:
        """Note that the customer has been told that it is here."""
        self.acknowledged_at = at
        self.save_changes("acknowledged_at")

    def mark_waiting(self, *, since: dt.datetime, escalates_at: dt.datetime | None) -> None:
        """Note that the customer was asked something."""
        self.waiting_since, self.escalates_at = since, escalates_at
        self._move_to(CaseStatus.WAITING, "waiting_since", "escalates_at")

    def mark_resumed(
        self, *, due_at: dt.datetime, warn_at: dt.datetime, escalates_at: dt.datetime | None
    ) -> None:
        """Note that the customer has answered; the clock may have stood meanwhile."""
        self.waiting_since = None
        self.due_at, self.warn_at, self.escalates_at = due_at, warn_at, escalates_at
        self._move_to(CaseStatus.IN_PROGRESS, "waiting_since", "due_at", "warn_at", "escalates_at")

    def mark_answered(self, *, at: dt.datetime, outcome: str) -> None:
        """Note the answer; the clock has done its work."""
        self.answered_at, self.outcome = at, outcome
        self.waiting_since = self.escalates_at = None
        self._move_to(
            CaseStatus.ANSWERED, "answered_at", "outcome", "waiting_since", "escalates_at"
        )

    def mark_deadlock(self) -> None:
        """Note that the customer may go to the body that settles disputes."""
        self.waiting_since = self.escalates_at = None
        self._move_to(CaseStatus.DEADLOCK, "waiting_since", "escalates_at")

    def mark_closed(self, *, at: dt.datetime, outcome: str) -> None:
        """Note its end."""
        self.closed_at, self.outcome = at, outcome
        self.waiting_since = self.escalates_at = None
        self._move_to(CaseStatus.CLOSED, "closed_at", "outcome", "waiting_since", "escalates_at")

    def mark_reopened(
        self, *, due_at: dt.datetime, warn_at: dt.datetime, deadlock_at: dt.datetime | None
    ) -> None:
        """Take it up once more; a new round of the clock begins."""
        self.round, self.deadlock_at = self.round + 1, deadlock_at
        self.due_at, self.warn_at, self.escalates_at = due_at, warn_at, warn_at
        self.escalation, self.outcome = EscalationLevel.NONE, ""
        self.answered_at = self.closed_at = None
        fields = (
            "round deadlock_at due_at warn_at escalates_at escalation outcome answered_at closed_at"
        )
        self._move_to(CaseStatus.REOPENED, *fields.split())

    def escalate(self, *, level: int, escalates_at: dt.datetime | None) -> None:
        """Pass it up; `escalates_at` is the moment of the next step, if there is one."""
        self.escalation, self.escalates_at = level, escalates_at
        self.save_changes("escalation", "escalates_at")

    def put_into(
        self,
        case_class: CaseClass,
        *,
        due_at: dt.datetime,
        warn_at: dt.datetime,
        receipt_due_at: dt.datetime | None,
        deadlock_at: dt.datetime | None,
    ) -> None:
        """Give it another class, and the dates that this one sets."""
        self.case_class = case_class
        self.due_at, self.warn_at, self.escalates_at = due_at, warn_at, warn_at
        self.receipt_due_at, self.deadlock_at = receipt_due_at, deadlock_at
        self.escalation = EscalationLevel.NONE
        dates = "due_at warn_at escalates_at receipt_due_at deadlock_at"
        self.save_changes("case_class", "escalation", *dates.split())

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(CASE_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def due_on(self) -> dt.date:
        """The last day on which an answer is in time."""
        return clock.local_date(self.due_at - dt.timedelta(microseconds=1))

    @property
    def is_open(self) -> bool:
        """Whether somebody may still act."""
        return self.status in OPEN

    @property
    def is_unanswered(self) -> bool:
        """Whether the customer has no answer yet."""
        return self.status in UNANSWERED

    @property
    def is_overdue(self) -> bool:
        """Whether the answer is late."""
        return self.is_unanswered and self.due_at <= clock.now()

    @property
    def was_late(self) -> bool:
        """Whether the answer came late, or is late now."""
        return self.is_overdue or (self.answered_at is not None and self.answered_at >= self.due_at)

    @property
    def clock_stands(self) -> bool:
        """Whether the clock waits for the customer."""
        return self.status == CaseStatus.WAITING and self.case_class.waiting_stops_clock
