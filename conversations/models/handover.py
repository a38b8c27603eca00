"""A conversation that went from one agent to another."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from utilcrm.db.models import Record


class Handover(Record):
    """
    Who passed a conversation on, to whom, and what they said about it.

    It is no message, so that nothing of it can ever be shown to the customer. `to` is None for
    everybody who works on the list.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="handovers"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Handover]] = models.Manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.by_id} → {self.to_id or '*'}"
