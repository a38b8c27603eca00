"""Which conversation a message belongs to."""

from __future__ import annotations

import datetime as dt
import re

from conversations.choices import Channel, Remark
from conversations.models import Conversation, Message
from conversations.services.parsing import Received
from utilcrm import clock

FLOOD = 20
"""Conversations that one address may begin within an hour; what comes then is kept together."""

_NUMBER = re.compile(r"\[(V\d{8,11})\]")


def conversation_of(received: Received) -> Conversation | None:
    """
    Return the conversation that a message goes on with, locked, or None if it begins one.

    A message that it answers is proof enough: its number cannot be guessed. The number in a
    subject can be, and counts only from the address that the conversation is with; while nobody
    has proven the address, either, the message says so.
    """
    found = _by_references(received)
    if found is None and (found := _by_subject(received)) and Remark.UNPROVEN in received.remarks:
        received.remark(Remark.BY_NUMBER)
    found = found or _by_flood(received)
    if found is None:
        return None
    conversation: Conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=found)
    if received.sender != conversation.address:
        received.remark(Remark.OTHER_SENDER)
    return conversation


def _by_references(received: Received) -> int | None:
    named = [received.in_reply_to, *received.references]
    return (
        Message.objects.filter(message_id__in=[one for one in named if one])
        .order_by("-id")
        .values_list("conversation_id", flat=True)
        .first()
    )


def _by_subject(received: Received) -> int | None:
    number = _NUMBER.search(received.subject)
    if number is None or not received.sender:
        return None
    found = Conversation.objects.filter(number=number[1], address=received.sender)
    return found.values_list("pk", flat=True).first()


def _by_flood(received: Received) -> int | None:
    """An address that writes all the time, a loop say, must not bury everybody else's concerns."""
    if not received.sender:
        return None
    lately = list(
        Conversation.objects.filter(
            address=received.sender,
            channel=Channel.EMAIL,
            created_at__gte=clock.now() - dt.timedelta(hours=1),
        )
        .order_by("-created_at")
        .values_list("pk", flat=True)[:FLOOD]
    )
    if len(lately) < FLOOD:
        return None
    received.remark(Remark.FLOOD)
    return lately[0]
