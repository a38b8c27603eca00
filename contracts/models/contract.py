"""The utility contract of one division."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from contracts.choices import TAKEN_OVER, ContractSource, ContractStatus, overview
from contracts.models.signature import SignatureRequest
from utilcrm.db.models import Record, Versioned


class ContractQuerySet(CustomerQuerySet):
    """Contracts, narrowed to what a person may see."""

    segment_path = "account__segment"

    def with_parties(self) -> Self:
        """Fetch what every list and detail shows along."""
        return self.select_related("account", "business_agreement", "signature_request")


class Contract(Record, Versioned):
    """
    A contract about one division with one business partner.

    Single model: one SUPPLY item. Dual model: SUPPLY and GRID_USAGE at the same point of delivery.
    One item becomes one contract of the ERP. `revision` counts what the customer is asked to sign,
    from 1; `version` guards against two people saving over each other.
    """

    number = models.CharField(_("number"), max_length=10, unique=True)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="contracts"
    )
    business_agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    quotation = models.ForeignKey(
        "quotations.Quotation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    signature_request = models.ForeignKey(
        SignatureRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    source = models.CharField(
        max_length=6, choices=ContractSource.choices, default=ContractSource.CRM
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ContractStatus.choices,
        default=ContractStatus.DRAFT,
        editable=False,
    )
    currency = models.CharField(_("currency"), max_length=3)
    revision = models.PositiveSmallIntegerField(default=1, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    withdrawal_until = models.DateField(_("can be withdrawn until"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=255, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        default_permissions = ("view",)
        permissions = [
            ("request_signature", "Can send a contract to be signed"),
            ("amend_contract", "Can change a contract before it is signed"),
            ("withdraw_contract", "Can take back a contract before it is signed"),
            ("resend_letter", "Can send a letter again"),
            ("retry_item", "Can send a refused contract to the ERP again"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contracts_contract_active_is_signed",
                condition=Q(source__in=[ContractSource.ERP, ContractSource.IMPORT])
                | ~Q(status__in=[ContractStatus.SIGNED, ContractStatus.ACTIVE])
                | Q(signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contracts_contract_cancelled_with_reason",
                condition=~Q(status=ContractStatus.CANCELLED) | ~Q(cancel_reason=""),
            ),
        ]
        indexes = [
            # contracts.queries.lists: newest first, by state, keyset by id
            models.Index(fields=["status", "-id"], name="contracts_contract_status"),
            models.Index(fields=["account", "-id"], name="contracts_contract_account"),
            # contracts.queries.deadlines.Withdrawals: what can still be withdrawn
            models.Index(
                fields=["withdrawal_until", "id"],
                name="contracts_contract_withdrawal",
                condition=Q(withdrawal_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # Mutators

    def refresh_status(self, statuses: list[str]) -> None:
        """Sum up the items' states anew."""
        status = overview(statuses, is_signed=self.signed_at is not None)
        if status != self.status:
            self.status = status
            self.save_changes("status")

    def mark_signed(self, *, at: dt.datetime, withdrawal_until: dt.date) -> None:
        """Note that the customer has signed."""
        self.signed_at, self.withdrawal_until = at, withdrawal_until
        self.status = ContractStatus.SIGNED
        self.save_changes("signed_at", "withdrawal_until", "status")

    def mark_completed(self, *, at: dt.datetime) -> None:
        """Note that the ERP has confirmed every item."""
        self.completed_at = at
        self.save_changes("completed_at")

    def mark_cancelled(self, *, reason: str) -> None:
        """Take the contract back before it is signed."""
        self.cancel_reason, self.status = reason, ContractStatus.CANCELLED
        self.save_changes("cancel_reason", "status")

    def ask_for_signature(self, request: SignatureRequest) -> None:
        """Point to the request that the customer has to sign now."""
        self.signature_request = request
        self.status = ContractStatus.AWAITING_SIGNATURE
        self.save_changes("signature_request", "status")

    def start_revision(self) -> None:
        """Count up what the customer is asked to sign, after a change."""
        self.revision += 1
        self.save_changes("revision")

    # Properties

    @property
    def is_signed(self) -> bool:
        """Whether the customer has signed."""
        return self.signed_at is not None

    @property
    def is_taken_over(self) -> bool:
        """Whether it was made in another system: nothing was offered, signed or written here."""
        return self.source in TAKEN_OVER

    @property
    def is_open_for_change(self) -> bool:
        """Whether it may still be amended or withdrawn."""
        return self.status in {ContractStatus.DRAFT, ContractStatus.AWAITING_SIGNATURE}

    @property
    def needs_attention(self) -> bool:
        """Whether a person has to do something."""
        return self.status == ContractStatus.NEEDS_ATTENTION
