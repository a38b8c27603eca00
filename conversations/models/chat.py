"""The visitor's side of a chat."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from conversations.models.conversation import Conversation
from utilcrm.db.models import Record


class ChatSession(Record):
    """A chat that is open in somebody's browser; its address is the secret, kept as a hash."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="chat")
    token_sha256 = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_us = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[ChatSession]] = models.Manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.conversation)

    def mark_ended(self, *, at: dt.datetime, by_us: bool) -> None:
        """Close it for both sides; the first end counts."""
        if self.ended_at is None:
            self.ended_at, self.ended_by_us = at, by_us
            self.save(update_fields=["ended_at", "ended_by_us", "updated_at"])

    @property
    def is_open(self) -> bool:
        """Whether somebody can still write."""
        return self.ended_at is None
