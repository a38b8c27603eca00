"""Who else could answer, and how a conversation went from hand to hand."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from access.models import User
from access.queries import people_with
from conversations.models import Conversation, Handover

ANSWERS = "conversations.handle_conversation"


def colleagues_for(conversation: Conversation, but: Any) -> QuerySet[User]:
    """Return who may answer this conversation's customer, by name, without one of them."""
    segment = conversation.account.segment if conversation.account else ""
    people = people_with(ANSWERS, segment=segment)
    return people.exclude(pk=but.pk) if but else people


def handovers_of(conversation: Conversation) -> list[Handover]:
    """Return how it was passed on, the latest first."""
    rows = Handover.objects.filter(conversation=conversation)
    return list(rows.select_related("by", "to").order_by("-pk")[:5])
