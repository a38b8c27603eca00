"""Beginning a conversation."""

from __future__ import annotations

from typing import Any

from accounts.models import Account
from conversations.choices import Channel
from conversations.models import Conversation, Mailbox
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.db.numbering import next_number

NUMBERS = "conversations_conversation_number"


def open_conversation(
    *,
    channel: Channel,
    subject: str,
    address: str = "",
    name: str = "",
    mailbox: Mailbox | None = None,
    account: Account | None = None,
    language: str = "",
    **more: Any,
) -> Conversation:
    """Begin a conversation that waits for us; call it in the transaction of its first message."""
    now = clock.now()
    return Conversation.objects.create(
        number=next_number(NUMBERS, width=8, prefix="V"),
        channel=channel,
        subject=" ".join(subject.split())[:200] or "–",
        address=address[:254],
        name=name[:200],
        mailbox=mailbox,
        account=account,
        queue=mailbox.queue if mailbox else "",
        skill=mailbox.skill if mailbox else "",
        language=language or (mailbox.language if mailbox else current_profile().language),
        waiting_since=now,
        last_message_at=now,
        **more,
    )
