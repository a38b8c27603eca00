"""One message of a conversation."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.choices import Direction, Remark
from conversations.models.conversation import Conversation
from correspondence.models import Message as Mail
from utilcrm.db.models import Record


class Message(Record):
    """
    What was written, once.

    `text` is plain; `html` is what is left of a layout when everything active, loaded from
    elsewhere or drawn is gone. `fingerprint` tells two arrivals of one e-mail apart from two
    e-mails, `client_key` two sendings of one line of a chat. `written_at` is what the sender
    claims, `arrived_at` when we had it. An outgoing message is sent as `mail`, whose state says
    how far it has come; `bounced_at` says that it came back later.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    to = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    remarks = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    checks = models.JSONField(default=dict, blank=True)

    message_id = models.CharField(max_length=250, blank=True)
    in_reply_to = models.CharField(max_length=250, blank=True)
    references = ArrayField(models.CharField(max_length=250), default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    client_key = models.CharField(max_length=36, blank=True)
    mail = models.ForeignKey(
        Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Message]] = models.Manager()

    class Meta:
        verbose_name = _("message of a conversation")
        verbose_name_plural = _("messages of conversations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=~Q(fingerprint=""),
                name="conversations_message_arrives_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_key"],
                condition=~Q(client_key=""),
                name="conversations_line_is_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | ~Q(bounce_reason=""),
                name="conversations_bounce_says_why",
            ),
        ]
        indexes = [
            # How often a machine of ours has written to an address lately.
            models.Index(
                fields=["to", "-arrived_at"],
                name="conversations_receipts",
                condition=Q(is_automatic=True, direction="OUT"),
            ),
            # The message that an answer names.
            models.Index(
                fields=["message_id"],
                name="conversations_by_message_id",
                condition=~Q(message_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:60] or str(self.uuid)

    def mark_bounced(self, *, at: dt.datetime, reason: str) -> None:
        """Note that it came back; the first reason counts."""
        if self.bounced_at is not None:
            return
        self.bounced_at, self.bounce_reason = at, reason or "?"
        self.save(update_fields=["bounced_at", "bounce_reason", "updated_at"])

    @property
    def is_inbound(self) -> bool:
        """Whether the customer wrote it."""
        return self.direction == Direction.IN

    @property
    def warnings(self) -> list[str]:
        """Return what is to be known about it, in words."""
        return [str(Remark(code).label) for code in self.remarks if code in Remark.values]
