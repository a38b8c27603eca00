"""The request to sign, and the evidence of what happened to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from contracts.choices import (
    OPEN_SIGNATURE,
    SIGNATURE_TRANSITIONS,
    EvidenceKind,
    SignatureMethod,
    SignatureStatus,
)
from correspondence.models import Document
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class SignatureRequestQuerySet(CustomerQuerySet):
    """Requests are seen by whoever sees the account that signs."""

    segment_path = "account__segment"


class SignatureRequest(Record):
    """
    One PDF that one customer is asked to sign, for one or more contracts of one order.

    The link's token is not kept, only its SHA-256; `link_serial` counts the links that were given
    out, of which only the last one works. `document_sha256` is what the customer was
    shown; a file that no longer has it cannot be signed.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="signature_requests"
    )
    quotation = models.ForeignKey(
        "quotations.Quotation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signature_requests",
    )
    revision = models.PositiveSmallIntegerField(default=1)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    link_serial = models.PositiveSmallIntegerField(default=1, editable=False)
    sent_to = models.EmailField(_("sent to"), max_length=254)
    language = models.CharField(max_length=5, default="en")
    requested_by_id = models.BigIntegerField(null=True, blank=True)
    document = models.ForeignKey(
        "correspondence.Document", on_delete=models.PROTECT, related_name="+"
    )
    signed_document = models.ForeignKey(
        "correspondence.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    document_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=SignatureStatus.choices,
        default=SignatureStatus.CREATED,
        editable=False,
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signer_name = models.CharField(_("signed by"), max_length=120, blank=True)
    method = models.CharField(max_length=5, choices=SignatureMethod.choices, blank=True)
    consent_version = models.CharField(max_length=20, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    last_reminder_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=255, blank=True)

    objects = SignatureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature request")
        verbose_name_plural = _("signature requests")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="contracts_signature_signed_by_somebody",
                condition=~Q(status=SignatureStatus.SIGNED)
                | (
                    Q(signed_at__isnull=False)
                    & ~Q(signer_name="")
                    & ~Q(method="")
                    & ~Q(document_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="contracts_signature_sent_is_hashed",
                condition=~Q(status__in=[SignatureStatus.SENT, SignatureStatus.OPENED])
                | (Q(sent_at__isnull=False) & ~Q(document_sha256="")),
            ),
        ]
        indexes = [
            # nightly: what expires, what is due for a reminder
            models.Index(
                fields=["expires_at"],
                name="contracts_signature_open",
                condition=Q(
                    status__in=[
                        SignatureStatus.CREATED,
                        SignatureStatus.SENT,
                        SignatureStatus.OPENED,
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_to} ({self.revision})"

    # Mutators

    def mark_sent(self, *, document_sha256: str, at: dt.datetime) -> None:
        """Note that the link is on its way, and what it leads to."""
        self.document_sha256, self.sent_at = document_sha256, at
        self._move_to(SignatureStatus.SENT, "document_sha256", "sent_at")

    def mark_opened(self, *, at: dt.datetime) -> None:
        """Note the first time that somebody has opened the link."""
        self.opened_at = at
        self._move_to(SignatureStatus.OPENED, "opened_at")

    def mark_read(self, *, at: dt.datetime) -> None:
        """Note the first time that the PDF was fetched."""
        self.read_at = at
        self.save(update_fields=["read_at", "updated_at"])

    def mark_signed(self, *, name: str, method: str, consent_version: str, at: dt.datetime) -> None:
        """Note who signed, how, and to which consent text."""
        self.signer_name, self.method = name, method
        self.consent_version, self.signed_at = consent_version, at
        self._move_to(
            SignatureStatus.SIGNED, "signer_name", "method", "consent_version", "signed_at"
        )

    def mark_expired(self) -> None:
        """Note that the time to sign has run out."""
        self._move_to(SignatureStatus.EXPIRED)

    def mark_withdrawn(self, *, reason: str) -> None:
        """Take the request back; its link no longer signs anything."""
        self.withdraw_reason = reason
        self._move_to(SignatureStatus.WITHDRAWN, "withdraw_reason")

    def mark_reminded(self, *, at: dt.datetime) -> None:
        """Count one more reminder."""
        self.reminders_sent += 1
        self.last_reminder_at = at
        self.save(update_fields=["reminders_sent", "last_reminder_at", "updated_at"])

    def renew_link(self, *, token_sha256: str, expires_at: dt.datetime, sent_to: str) -> None:
        """Take a new link; the former one stops working."""
        self.token_sha256, self.expires_at, self.sent_to = token_sha256, expires_at, sent_to
        self.save(
            update_fields=["link_serial", "token_sha256", "expires_at", "sent_to", "updated_at"]
        )

    def attach_signed(self, document: Document) -> None:
        """Point to the PDF with the audit page."""
        self.signed_document = document
        self.save(update_fields=["signed_document", "updated_at"])

    def _move_to(self, status: str, *fields: str) -> None:
        check_transition(SIGNATURE_TRANSITIONS, self.status, status)
        self.status = status
        self.save(update_fields=["status", "updated_at", *fields])

    # Properties

    @property
    def is_open(self) -> bool:
        """Whether it can still be signed, expired or withdrawn."""
        return self.status in OPEN_SIGNATURE

    @property
    def is_signed(self) -> bool:
        """Whether the customer has signed."""
        return self.status == SignatureStatus.SIGNED


class SignatureEvidence(Record):
    """
    One line of what happened to a request to sign; each is chained to the one before it.

    `hash` is the SHA-256 of the line and of `previous_hash`. Insert-only; a trigger refuses every
    update and delete.
    """

    request = models.ForeignKey(SignatureRequest, on_delete=models.PROTECT, related_name="evidence")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=EvidenceKind.choices)
    at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("signature evidence")
        verbose_name_plural = _("signature evidence")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="contracts_evidence_n", fields=["request", "n"]),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.n} {self.kind}"

    def as_hashed(self) -> dict[str, Any]:
        """Return what the hash is taken of."""
        return {
            "request": str(self.request.uuid),
            "n": self.n,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "ip_address": self.ip_address or "",
            "user_agent": self.user_agent,
            "detail": self.detail,
            "previous_hash": self.previous_hash,
        }
