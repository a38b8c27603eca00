"""What waits, and what was written."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q

from conversations.models import Conversation, Message, ReplyTemplate

LATEST = 100
"""Messages that a page shows; a thread that is longer is cut at its beginning."""


def messages_of(conversation: Conversation) -> list[Message]:
    """Return the latest messages, oldest first, with their files and how far they were sent."""
    latest = (
        Message.objects.filter(conversation=conversation)
        .select_related("author", "mail")
        .prefetch_related("attachments")
        .order_by("-pk")[:LATEST]
    )
    return list(reversed(latest))


def conversation_of_contact(contact_uuid: uuid.UUID, user: Any) -> Conversation | None:
    """Return the conversation that a contact is about, if the user may see it."""
    found: Conversation | None = (
        Conversation.objects.visible_to(user)
        .filter(contact_uuid=contact_uuid)
        .select_related("account", "agent")
        .order_by("-pk")
        .first()
    )
    return found


def templates_for(conversation: Conversation) -> list[ReplyTemplate]:
    """Return the ready texts in the conversation's language, then those in others."""
    active = ReplyTemplate.objects.filter(is_active=True).order_by("position", "name")
    return sorted(active, key=lambda one: one.language != conversation.language)


def earlier_of(conversation: Conversation, user: Any) -> list[Conversation]:
    """Return what the same customer, or the same address, has written about before."""
    same = Q()
    if conversation.account_id:
        same |= Q(account=conversation.account_id)
    if conversation.address:
        same |= Q(address=conversation.address)
    if not same:
        return []
    rows = Conversation.objects.visible_to(user).filter(same).exclude(pk=conversation.pk)
    return list(rows.order_by("-last_message_at", "-id")[:5])
