"""A file that an answer will carry."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from utilcrm.db.models import Record
from utilcrm.db.tenancy import current_schema


def private_path(file: ReplyFile, filename: str) -> str:
    """Return the storage key: the tenant's folder, and nothing that a person has typed."""
    return f"{current_schema()}/{filename}"


class ReplyFile(Record):
    """
    A checked file beside the answer that is being written; it stays whatever becomes of the page.

    It is the conversation's: whoever it is passed on to finds it there. When the answer leaves, it
    becomes an attachment of that message.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="reply_files"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=private_path, max_length=255)

    objects: ClassVar[models.Manager[ReplyFile]] = models.Manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
