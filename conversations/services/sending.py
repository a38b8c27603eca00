"""Writing an e-mail of a conversation: its number, its thread, its sender."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from conversations.choices import Direction
from conversations.models import Conversation, Message, ReplyFile
from conversations.services.attaching import ENCLOSURE, hand_on
from correspondence.choices import MessagePurpose
from correspondence.services.documents import Customer
from correspondence.services.writing import send_written
from utilcrm import clock

_MOST_REFERENCES = 20


def send_mail(
    *,
    conversation: Conversation,
    to: str,
    text: str,
    heading: str = "",
    files: Iterable[ReplyFile] = (),
    author: Any = None,
    is_automatic: bool = False,
) -> Message:
    """
    Add an outgoing message and hand it to the mail worker; call it in the business transaction.

    It travels under a number of its own, so that an answer or a bounce finds its way back.
    Without a `heading` its subject is the conversation's. `files` become its attachments.
    """
    before = list(
        conversation.messages.exclude(message_id="")
        .order_by("-id")[:1]
        .values_list("message_id", "references")
    )
    last, chain = before[0] if before else ("", [])
    message = Message(
        conversation=conversation,
        direction=Direction.OUT,
        author=author,
        to=to,
        sender=conversation.mailbox.address if conversation.mailbox else "",
        subject=f"{heading} [{conversation.number}]" if heading else subject_of(conversation),
        text=text,
        arrived_at=clock.now(),
        is_automatic=is_automatic,
        in_reply_to=last,
        references=[one for one in (*chain, last) if one][-_MOST_REFERENCES:],
    )
    message.message_id = f"<{message.uuid}@{settings.BASE_DOMAIN}>"
    account, files = conversation.account, list(files)
    message.mail = send_written(
        purpose=MessagePurpose.ANSWER,
        subject=conversation,
        customer=Customer(account.uuid, account.segment) if account else Customer(None, ""),
        sender=message.sender,
        to=to,
        heading=message.subject,
        text=text,
        language=conversation.language,
        headers={
            "Message-ID": message.message_id,
            "In-Reply-To": last,
            "References": " ".join(message.references),
            # what a person has written is no automatic message; what a machine answers says so
            "Auto-Submitted": "auto-replied" if is_automatic else "",
            "X-Auto-Response-Suppress": "All" if is_automatic else "",
        },
        enclosure=f"{ENCLOSURE}:{message.uuid}" if files else "",
    )
    message.save()
    hand_on(message, files)
    return message


def subject_of(conversation: Conversation) -> str:
    """Return the subject of an answer, with the conversation's number once."""
    number = f"[{conversation.number}]"
    subject = conversation.subject.replace(number, "").strip()
    if not subject.lower().startswith(("re:", "aw:")):
        subject = f"Re: {subject}"
    return f"{subject[:180]} {number}"
