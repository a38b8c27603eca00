"""An outgoing message to a customer."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.visibility import CustomerQuerySet
from correspondence.choices import MESSAGE_TRANSITIONS, MessagePurpose, MessageStatus
from correspondence.models.document import Document
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class MessageQuerySet(CustomerQuerySet):
    """Messages, narrowed to what a person may see."""

    segment_path = "segment"


class Message(Record):
    """
    One e-mail, as it was written.

    `text` and `html` may hold marks such as `[[link]]` for values that no colleague may read
    (a link that signs on behalf of the customer). Those are in `secret`, encrypted, and go when the
    message has been sent.
    """

    account_uuid = models.UUIDField(null=True, blank=True)
    segment = models.CharField(max_length=20, choices=SegmentCode.choices)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    purpose = models.CharField(max_length=20, choices=MessagePurpose.choices)
    language = models.CharField(max_length=5, default="en")
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    secret = models.TextField(blank=True, editable=False)
    documents = models.ManyToManyField(Document, blank=True, related_name="messages")
    # what is fetched when the message is sent: `correspondence.services.enclosing`
    enclosure = models.CharField(max_length=80, blank=True, default="")
    # The address it comes from; empty for the utility's own.
    sender = models.EmailField(max_length=254, blank=True, default="")
    # Headers by which mail programs keep a conversation together, and what a person wrote.
    headers = models.JSONField(default=dict, blank=True)

    status = models.CharField(
        max_length=10, choices=MessageStatus.choices, default=MessageStatus.PENDING
    )
    message_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="SENT") | (Q(sent_at__isnull=False) & Q(secret="")),
                name="correspondence_message_sent_keeps_no_secret",
            ),
        ]
        indexes = [
            models.Index(fields=["account_uuid", "-created_at"], name="correspondence_msg_account"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    # Mutators

    def mark_sent(self, *, message_id: str, at: dt.datetime) -> None:
        """Note that the mail server has taken the message; forget its secret values."""
        check_transition(MESSAGE_TRANSITIONS, self.status, MessageStatus.SENT)
        self.status, self.message_id, self.sent_at = MessageStatus.SENT, message_id, at
        self.secret = self.failure = ""
        self.save(
            update_fields=["status", "message_id", "sent_at", "secret", "failure", "updated_at"]
        )

    def mark_failed(self, *, reason: str) -> None:
        """Note that the mail server will not take the message."""
        if self.status == MessageStatus.FAILED:
            return
        check_transition(MESSAGE_TRANSITIONS, self.status, MessageStatus.FAILED)
        self.status, self.failure = MessageStatus.FAILED, reason
        self.save(update_fields=["status", "failure", "updated_at"])

    def mark_cancelled(self) -> None:
        """Call the message back before it was sent."""
        check_transition(MESSAGE_TRANSITIONS, self.status, MessageStatus.CANCELLED)
        self.status, self.secret = MessageStatus.CANCELLED, ""
        self.save(update_fields=["status", "secret", "updated_at"])

    # Properties

    @property
    def can_be_repeated(self) -> bool:
        """Whether a copy can go out: it has left or was refused, and held no secret."""
        is_over = self.status in {MessageStatus.SENT, MessageStatus.FAILED}
        return is_over and self.purpose not in {
            MessagePurpose.SIGNATURE_LINK,
            MessagePurpose.SIGNATURE_REMINDER,
        }
