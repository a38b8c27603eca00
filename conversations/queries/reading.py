"""What waits, and what was written."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from conversations.choices import Channel, Direction
from conversations.models import Attachment, Conversation, Message, ReplyTemplate

LATEST = 100
"""Messages that a page shows at first; the beginning of a longer thread is asked for."""


def messages_of(conversation: Conversation, *, whole: bool = False) -> list[Message]:
    """
    Return the latest messages, oldest first, with their files and how far they were sent.

    One more than `LATEST` says that there are others before; `whole` returns them all.
    """
    latest = (
        Message.objects.filter(conversation=conversation)
        .select_related("author", "mail")
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk")))
        .order_by("-pk")[: None if whole else LATEST + 1]
    )
    return list(reversed(latest))


def lines_of(conversation: Conversation, *, whole: bool) -> dict[str, Any]:
    """Return what a list of messages shows, and whether it begins at the beginning."""
    found = messages_of(conversation, whole=whole)
    is_cut = not whole and len(found) > LATEST
    return {"messages_shown": found[1:] if is_cut else found, "is_cut": is_cut, "is_whole": whole}


def latest_of_customer(conversation: Conversation) -> Message | None:
    """Return what the customer wrote last."""
    theirs = Message.objects.filter(conversation=conversation, direction=Direction.IN)
    return theirs.order_by("-pk").first()


@dataclass(frozen=True)
class Concern:
    """What somebody has written about, and since when they wait for us to answer it."""

    subject: str
    since: dt.datetime


def concern_of_contact(contact_uuid: uuid.UUID) -> Concern | None:
    """
    Return what the customer of a contact in writing has asked since a person of ours answered last.

    A letter waits from the day on which it came, not from the moment at which it was scanned.
    """
    asked = Message.objects.filter(
        conversation__contact_uuid=contact_uuid, direction=Direction.IN, is_automatic=False
    )
    answered = Message.objects.filter(
        conversation=OuterRef("conversation"), direction=Direction.OUT, is_automatic=False
    )
    last = Subquery(answered.order_by("-pk").values("pk")[:1])
    first = (
        asked.filter(pk__gt=Coalesce(last, 0)).select_related("conversation").order_by("pk").first()
    )
    if first is None:
        return None
    is_letter = first.conversation.channel == Channel.LETTER
    return Concern(
        subject=first.conversation.subject,
        since=first.written_at if is_letter and first.written_at else first.arrived_at,
    )


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
