"""What was begun to be written."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, QuerySet

from conversations.choices import Direction
from conversations.models import Conversation, ReplyDraft


def drafts_of(conversation: Conversation, author: Any) -> list[ReplyDraft]:
    """Return what this agent has begun to write, the latest first, without what was emptied."""
    return list(_of(conversation).filter(author=author)[:10])


def begun_by_others(conversation: Conversation, author: Any) -> list[ReplyDraft]:
    """Return what colleagues have begun to write since we answered last, and have not sent."""
    ours = conversation.messages.filter(direction=Direction.OUT, is_automatic=False)
    answered_at = ours.aggregate(at=Max("arrived_at"))["at"]
    rows = _of(conversation).exclude(author=author)
    if answered_at is not None:
        rows = rows.filter(updated_at__gt=answered_at)
    return list(rows[:5])


def _of(conversation: Conversation) -> QuerySet[ReplyDraft]:
    rows = ReplyDraft.objects.filter(conversation=conversation).exclude(text="")
    return rows.select_related("author").order_by("-updated_at", "-pk")
