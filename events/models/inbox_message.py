"""Messages coming in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.choices import InboxState
from utilcrm.db.models import Record


class InboxMessage(Record):
    """One inbound message by the sender's own id; written in the transaction that applies it."""

    source = models.CharField(max_length=40)
    message_id = models.CharField(max_length=80)
    payload_sha256 = models.CharField(max_length=64)
    object_key = models.CharField(max_length=120, blank=True)
    object_version = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=InboxState.choices)

    class Meta:
        verbose_name = _("inbound message")
        verbose_name_plural = _("inbound messages")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "message_id"], name="inbox_message_id"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # events.services.inbox: the newest version that was applied
            models.Index(
                fields=["source", "object_key", "-object_version"],
                name="inbox_object",
                condition=Q(state=InboxState.APPLIED, object_version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.message_id}"
