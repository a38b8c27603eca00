"""One thing that happens in a contract's life, guided from the first word to the ERP's answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.visibility import CustomerQuerySet
from contracts.choices import (
    EFFECT_TRANSITIONS,
    OPEN_PROCESS,
    PROCESS_TRANSITIONS,
    UNDER_WAY,
    EffectOutcome,
    ProcessEffect,
    ProcessKind,
    ProcessStatus,
)
from contracts.models.contract import Contract
from contracts.models.item import ContractItem
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class ProcessQuerySet(CustomerQuerySet):
    """Processes are seen by whoever sees the account."""

    segment_path = "account__segment"

    def open(self) -> Self:
        """Keep what is not finished: drafts, what is with the ERP, what it has refused."""
        return self.filter(status__in=OPEN_PROCESS)


class ContractProcess(Record, Versioned):
    """
    A termination, a move-out, a transfer …: what was typed, what it did, what the ERP said.

    `data` holds what was typed so far, by step, as typed; a colleague goes on where somebody
    stopped. `facts` is what was released, cleaned: dates in ISO form, numbers as text, records by
    UUID. `effective_on` is the first local day of the new state. `failure_*` is the ERP's refusal.
    """

    number = models.CharField(_("number"), max_length=10, unique=True)
    kind = models.CharField(_("process"), max_length=24, choices=ProcessKind.choices)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProcessStatus.choices,
        default=ProcessStatus.DRAFT,
        editable=False,
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="contract_processes"
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="processes"
    )
    premise = models.ForeignKey(
        "premises.Premise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_processes",
    )
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    data = models.JSONField(default=dict, blank=True, editable=False)
    facts = models.JSONField(default=dict, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    interaction_uuid = models.UUIDField(_("interaction"), null=True, blank=True)
    undo_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_field = models.CharField(max_length=80, blank=True)
    failure_text = models.TextField(blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract process")
        verbose_name_plural = _("contract processes")
        default_permissions = ("view",)
        permissions = [
            ("end_contract", "Can end contracts, and undo the end"),
            ("move_customer", "Can move customers in, out and to another premise"),
            ("change_contract_terms", "Can change product, prices and terms of contracts"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_process_released_has_date",
                condition=Q(status__in=[ProcessStatus.DRAFT, ProcessStatus.CANCELLED])
                | Q(effective_on__isnull=False, released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_process_rejected_says_why",
                condition=~Q(status=ProcessStatus.REJECTED) | ~Q(failure_text=""),
            ),
            # One at a time; a second waits until the ERP has answered the first.
            models.UniqueConstraint(
                name="contracts_process_undone_once",
                fields=["undo_of"],
                condition=Q(status__in=sorted({*OPEN_PROCESS, ProcessStatus.CONFIRMED})),
            ),
        ]
        indexes = [
            # the list of open processes, the oldest first
            models.Index(
                fields=["id"],
                name="contracts_process_open",
                condition=Q(status__in=sorted(OPEN_PROCESS)),
            ),
            models.Index(fields=["account", "-id"], name="contracts_process_account"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    # Mutators

    def keep(self, step: str, typed: Mapping[str, Any], *, by: User) -> None:
        """Keep what was typed in a step, as typed."""
        self.data = {**self.data, step: dict(typed)}
        self.last_by = by
        self.save_changes("data", "last_by")

    def mark_released(
        self,
        *,
        facts: Mapping[str, Any],
        effective_on: dt.date,
        reason: str,
        by: User,
        at: dt.datetime,
    ) -> None:
        """Hand the process over; what it does is done in the same transaction."""
        self.facts, self.effective_on, self.reason = dict(facts), effective_on, reason[:255]
        self.last_by, self.released_at = by, at
        self._forget_failure()
        self._move_to(
            ProcessStatus.RELEASED,
            "facts",
            "effective_on",
            "reason",
            "last_by",
            "released_at",
            *_FAILURE,
        )

    def mark_sent(self) -> None:
        """Note that the ERP has the message."""
        self._move_to(ProcessStatus.SENT)

    def mark_confirmed(self, *, at: dt.datetime) -> None:
        """Note that the ERP has done all of it."""
        self.closed_at = at
        self._forget_failure()
        self._move_to(ProcessStatus.CONFIRMED, "closed_at", *_FAILURE)

    def mark_rejected(self, *, code: str, field: str, text: str) -> None:
        """Note what the ERP does not like; a person mends it or gives the process up."""
        self.failure_code, self.failure_field = code[:60], field[:80]
        self.failure_text = text or code or str(_("The ERP gave no reason."))
        self._move_to(ProcessStatus.REJECTED, *_FAILURE)

    def mark_cancelled(self, *, by: User, reason: str, at: dt.datetime) -> None:
        """Give the process up; nothing of it stays."""
        self.last_by, self.closed_at = by, at
        self.reason = reason[:255] or self.reason
        self._move_to(ProcessStatus.CANCELLED, "last_by", "closed_at", "reason")

    def mark_undone(self) -> None:
        """Note that a later process has taken it back."""
        self._move_to(ProcessStatus.UNDONE)

    def _forget_failure(self) -> None:
        self.failure_code = self.failure_field = self.failure_text = ""

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(PROCESS_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)

    # Properties

    @property
    def is_draft(self) -> bool:
        """Whether it may still be filled in."""
        return self.status == ProcessStatus.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether somebody or something still has to act."""
        return self.status in OPEN_PROCESS

    @property
    def is_under_way(self) -> bool:
        """Whether the ERP's answer is awaited."""
        return self.status in UNDER_WAY

    @property
    def waits_for_mending(self) -> bool:
        """Whether the ERP has refused a contract that this process begins."""
        return self.is_under_way and any(row.item.is_rejected for row in self.items.all())

    @property
    def is_rejected(self) -> bool:
        """Whether the ERP has refused it."""
        return self.status == ProcessStatus.REJECTED


_FAILURE = ("failure_code", "failure_field", "failure_text")


class ProcessItem(Record):
    """
    What a process does to one contract item.

    `before` is what the item said, in the keys that `after` has; it is put back when the ERP
    refuses. Keys: `ends_on` (ISO date or null), `status`, and what changes in the item's terms.
    """

    process = models.ForeignKey(ContractProcess, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(ContractItem, on_delete=models.PROTECT, related_name="process_items")
    effect = models.CharField(_("effect"), max_length=7, choices=ProcessEffect.choices)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(
        max_length=9,
        choices=EffectOutcome.choices,
        default=EffectOutcome.PENDING,
        editable=False,
    )

    class Meta:
        verbose_name = _("contract item of a process")
        verbose_name_plural = _("contract items of a process")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="contracts_process_item_once", fields=["process", "item"]),
        ]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.item_id} {self.effect}"

    def mark(self, outcome: str) -> None:
        """Note the ERP's word on this item."""
        check_transition(EFFECT_TRANSITIONS, self.outcome, outcome)
        self.outcome = outcome
        self.save(update_fields=["outcome", "updated_at"])

    def agree_on_end(self, ends_on: dt.date | None) -> None:
        """Note another end of the item than was asked for."""
        self.after = {**self.after, "ends_on": ends_on.isoformat() if ends_on else None}
        self.save(update_fields=["after", "updated_at"])

    @property
    def is_pending(self) -> bool:
        """Whether the ERP has not answered yet."""
        return self.outcome == EffectOutcome.PENDING
