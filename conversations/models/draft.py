"""An answer that is being written."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from utilcrm.db.models import Record


class ReplyDraft(Record):
    """
    What an agent has typed so far, kept as typed; each agent has their own.

    `window` is the browser's page that wrote it last, and `revision` how often it was written. A
    page that goes on with an older revision than another page has written begins a draft of its
    own, so that two windows never write over each other.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    window = models.UUIDField(default=uuid.uuid4)
    revision = models.PositiveIntegerField(default=1)

    objects: ClassVar[models.Manager[ReplyDraft]] = models.Manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["conversation", "author", "-updated_at"], name="conversations_drafts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.author_id}"

    def write(self, text: str, *, window: uuid.UUID) -> None:
        """Keep a newer text."""
        self.text, self.window = text, window
        self.revision += 1
        self.save(update_fields=["text", "window", "revision", "updated_at"])
