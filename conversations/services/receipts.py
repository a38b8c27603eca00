"""Confirming that something has arrived, without ever talking to a machine for long."""

from __future__ import annotations

import datetime as dt

from django.template.loader import select_template
from django.utils import translation
from django.utils.translation import gettext as _

from conversations.choices import Channel, Direction, Remark
from conversations.models import Conversation, Message
from conversations.services.sending import send_mail
from tenants.queries import current_profile
from utilcrm import clock

MOST_AN_HOUR = 3
"""Receipts to one address; two machines that confirm each other's receipts end there."""


def confirm_receipt(*, conversation: Conversation, message: Message) -> Message | None:
    """
    Send a receipt for a new conversation, where the mailbox wants one; part of the transaction.

    Machines, forged senders, and our own mailboxes get none. What somebody has typed into the form
    is not quoted: anybody can type any address there, and we would send their words to it.
    """
    mailbox = conversation.mailbox
    if mailbox is None or not mailbox.sends_receipt or not _may_be_answered(message):
        return None
    template = select_template(
        [
            f"conversations/mail/{conversation.language}/receipt.txt",
            "conversations/mail/en/receipt.txt",
        ]
    )
    values = {
        "conversation": conversation,
        "subject": conversation.subject if _may_be_quoted(conversation) else "",
        "utility": current_profile(),
        "mailbox": mailbox,
    }
    with translation.override(conversation.language):
        text = template.render(values)
        heading = "" if _may_be_quoted(conversation) else _("Your message")
    return send_mail(
        conversation=conversation,
        to=conversation.address,
        text=text,
        heading=heading,
        is_automatic=True,
    )


def _may_be_quoted(conversation: Conversation) -> bool:
    return conversation.channel == Channel.EMAIL


def _may_be_answered(message: Message) -> bool:
    if message.is_automatic or not message.sender or Remark.FORGED in message.remarks:
        return False
    lately = Message.objects.filter(
        direction=Direction.OUT,
        is_automatic=True,
        to=message.sender,
        arrived_at__gte=clock.now() - dt.timedelta(hours=1),
    ).count()
    mailbox = message.conversation.mailbox
    is_ours = mailbox is not None and mailbox.address.lower() == message.sender
    return lately < MOST_AN_HOUR and not is_ours
