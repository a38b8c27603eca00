"""The quotation: one binding offer to one customer."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from correspondence.models import Document
from quotations.choices import (
    OPEN_STATUSES,
    QUOTATION_TRANSITIONS,
    Channel,
    QuotationStatus,
    RejectReason,
)
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class QuotationQuerySet(CustomerQuerySet):
    """Filters of the offers."""

    segment_path = "account__segment"

    def open(self) -> Self:
        """Keep the offers that are still being made or wait for an answer."""
        return self.filter(status__in=OPEN_STATUSES)

    def overdue(self, moment: dt.datetime) -> Self:
        """Keep the sent offers that stopped binding at or before `moment`."""
        return self.filter(status=QuotationStatus.SENT, binding_until__lte=moment)


class Quotation(Record, Versioned):
    """
    An offer of supply for one or more points of delivery, made to one account.

    From `sent_at` until `binding_until` the utility is bound by its prices. The binding period
    is a moment, not a day. `pending_input` keeps what an agent typed and the forms refused, by
    section of the screen, so that nothing typed is lost.
    """

    number = models.CharField(_("number"), max_length=10, unique=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="quotations"
    )
    business_agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotations",
    )
    premise = models.ForeignKey(
        "premises.Premise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotations",
    )
    status = models.CharField(
        _("status"),
        max_length=17,
        choices=QuotationStatus.choices,
        default=QuotationStatus.DRAFT,
        editable=False,
    )
    binding_until = models.DateTimeField(_("binding until"), null=True, blank=True)
    discount_reason = models.CharField(_("reason for the discount"), max_length=255, blank=True)
    reject_reason = models.CharField(
        _("reason for the rejection"), max_length=10, choices=RejectReason.choices, blank=True
    )
    reject_note = models.CharField(_("note on the rejection"), max_length=255, blank=True)
    channel = models.CharField(
        _("channel"), max_length=5, choices=Channel.choices, default=Channel.EMAIL
    )
    sent_to = models.EmailField(_("sent to"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    interaction_uuid = models.UUIDField(_("interaction"), null=True, blank=True)
    document = models.ForeignKey(
        "correspondence.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    pending_input = models.JSONField(default=dict, blank=True, editable=False)

    objects = QuotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        default_permissions = ("view",)
        permissions = [
            ("create_quotation", "Can draw up quotations"),
            ("send_quotation", "Can send quotations"),
            ("accept_quotation", "Can record that a customer accepts a quotation"),
            ("reject_quotation", "Can record that a customer rejects a quotation"),
            ("decide_approval", "Can grant or refuse discounts"),
        ]
        constraints = [
            models.CheckConstraint(
                name="quotations_quotation_sent_binds",
                condition=~Q(
                    status__in=[
                        QuotationStatus.SENT,
                        QuotationStatus.ACCEPTED,
                        QuotationStatus.EXPIRED,
                    ]
                )
                | Q(binding_until__isnull=False, sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="quotations_quotation_rejected_with_reason",
                condition=~Q(status=QuotationStatus.REJECTED) | ~Q(reject_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="quotations_quotation_status"),
            models.Index(fields=["account", "-id"], name="quotations_quotation_account"),
            models.Index(
                fields=["binding_until"],
                name="quotations_quotation_overdue",
                condition=Q(status=QuotationStatus.SENT),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_editable(self) -> bool:
        """Tell whether the offer may still be changed."""
        return self.status == QuotationStatus.DRAFT

    @property
    def is_open(self) -> bool:
        """Tell whether the offer has not come to an end yet."""
        return self.status in OPEN_STATUSES

    def is_binding(self, moment: dt.datetime) -> bool:
        """Tell whether the utility is bound by the offer at `moment`."""
        return (
            self.status == QuotationStatus.SENT
            and self.binding_until is not None
            and moment < self.binding_until
        )

    def mark_awaiting_approval(self) -> None:
        """Hold the draft until somebody has decided on its discount."""
        self._move_to(QuotationStatus.AWAITING_APPROVAL)

    def mark_draft_again(self) -> None:
        """Give the draft back to the agent after the decision."""
        self._move_to(QuotationStatus.DRAFT)

    def mark_sent(
        self, *, sent_at: dt.datetime, binding_until: dt.datetime, channel: str, sent_to: str
    ) -> None:
        """Bind the utility to the offer."""
        self.sent_at = sent_at
        self.binding_until = binding_until
        self.channel = channel
        self.sent_to = sent_to
        self._move_to(QuotationStatus.SENT, "sent_at", "binding_until", "channel", "sent_to")

    def mark_accepted(self, *, accepted_at: dt.datetime) -> None:
        """Note that the customer takes the offer."""
        self.closed_at = accepted_at
        self._move_to(QuotationStatus.ACCEPTED, "closed_at")

    def mark_rejected(self, *, rejected_at: dt.datetime, reason: str, note: str) -> None:
        """Note that the customer does not take the offer, and why."""
        self.closed_at = rejected_at
        self.reject_reason = reason
        self.reject_note = note
        self._move_to(QuotationStatus.REJECTED, "closed_at", "reject_reason", "reject_note")

    def mark_expired(self, *, expired_at: dt.datetime) -> None:
        """Note that the binding period ran out without an answer."""
        self.closed_at = expired_at
        self._move_to(QuotationStatus.EXPIRED, "closed_at")

    def attach_document(self, document: Document) -> None:
        """Point to the PDF that the customer gets."""
        self.document = document
        self.save_changes("document")

    def _move_to(self, status: QuotationStatus, *fields: str) -> None:
        check_transition(QUOTATION_TRANSITIONS, self.status, status)
        self.status = status
        self.save_changes("status", *fields)
