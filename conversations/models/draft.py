"""An answer that is being written."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from utilcrm.db.models import Record


class ReplyDraft(Record):
    """What an agent has typed so far, kept as typed; each agent has their own."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)

    objects: ClassVar[models.Manager[ReplyDraft]] = models.Manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "author"], name="conversations_one_draft_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.author_id}"
