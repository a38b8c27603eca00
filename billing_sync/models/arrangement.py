"""PaymentArrangement: paying now, later, or in parts, as it was asked of the ERP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import WISH_TRANSITIONS, ArrangementKind, WishStatus
from billing_sync.models.copies import CopyQuerySet
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class PaymentArrangement(Record):
    """
    A deferral, a plan of instalments or a payment for open items of one agreement.

    `parts` are the payments agreed, as pairs of ISO day and amount; what the customer owes then is
    only what the ERP says next. A payment is debited by the ERP, once, from the bank account that
    it has: no number of an account or a card is kept here. `failure_*` is the ERP's refusal.
    `case_uuid`: the case it settles.
    """

    agreement = models.ForeignKey(
        "accounts.BusinessAgreement", on_delete=models.CASCADE, related_name="arrangements"
    )
    kind = models.CharField(_("arrangement"), max_length=15, choices=ArrangementKind.choices)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    documents = models.JSONField(_("open items"), default=list)
    parts = models.JSONField(_("payments"), default=list)
    reason = models.CharField(_("why"), max_length=255)
    case_uuid = models.UUIDField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=WishStatus.choices,
        default=WishStatus.QUEUED,
        editable=False,
    )
    failure_code = models.CharField(max_length=60, blank=True)
    failure_text = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment arrangement")
        verbose_name_plural = _("payment arrangements")
        default_permissions = ("view",)
        permissions = [("arrange_payment", "Can ask the ERP to defer payments, or split them")]
        constraints = [
            models.CheckConstraint(
                name="billing_sync_arrangement_refused_says_why",
                condition=~Q(status=WishStatus.REFUSED) | ~Q(failure_text=""),
            ),
            # What is on its way is waited for: two arrangements of one item contradict each other.
            models.UniqueConstraint(
                name="billing_sync_arrangement_one_at_a_time",
                fields=["agreement"],
                condition=Q(status__in=[WishStatus.QUEUED, WishStatus.SENT]),
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "-id"], name="billing_sync_arranged"),
            # billing_sync.queries.arrangements: what a case has led to
            models.Index(
                fields=["case_uuid"],
                name="billing_sync_arranged_case",
                condition=Q(case_uuid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"

    # Mutators

    def mark_sent(self) -> None:
        """Note that the ERP has the message."""
        self._move_to(WishStatus.SENT)

    def mark_confirmed(self, *, at: dt.datetime) -> None:
        """Note that the ERP has moved what is due."""
        self.closed_at = at
        self._move_to(WishStatus.CONFIRMED, "closed_at")

    def mark_refused(self, *, code: str, text: str, at: dt.datetime) -> None:
        """Note what the ERP does not like."""
        self.failure_code, self.closed_at = code[:60], at
        self.failure_text = text or code or str(_("The ERP gave no reason."))
        self._move_to(WishStatus.REFUSED, "failure_code", "failure_text", "closed_at")

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(WISH_TRANSITIONS, self.status, status)
        self.status = status
        self.save(update_fields=["status", "updated_at", *fields])

    # Properties

    @property
    def is_under_way(self) -> bool:
        """Whether the ERP's answer is awaited."""
        return self.status in {WishStatus.QUEUED, WishStatus.SENT}

    @property
    def is_debit(self) -> bool:
        """Whether it is paid at once, out of the bank account."""
        return self.kind == ArrangementKind.DIRECT_DEBIT

    @property
    def payments(self) -> list[tuple[dt.date, Decimal]]:
        """The payments agreed, the first one first."""
        return [(dt.date.fromisoformat(day), Decimal(amount)) for day, amount in self.parts]
