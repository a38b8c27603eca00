"""What people ask by the form on our site, and what comes as a letter."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from conversations.choices import Channel, Direction, Remark
from conversations.models import Conversation, Mailbox, Message
from conversations.services.noticing import WAITING, notice
from conversations.services.opening import open_conversation
from conversations.services.receipts import confirm_receipt
from correspondence.models import Document
from correspondence.services.documents import Customer
from correspondence.services.uploading.storing import store_upload
from events.services import recording
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit


@transaction.atomic
def ask_by_form(
    *,
    key: str,
    name: str,
    address: str,
    subject: str,
    text: str,
    language: str,
    customer_number: str = "",
) -> Conversation:
    """
    Begin a conversation with what somebody has written into the public form.

    Name, address and customer number are what the person says, and prove nothing. The same form,
    known by its `key`, sent again gives the same conversation.
    """
    fingerprint = hashlib.sha256(f"form:{key}".encode()).hexdigest()
    lock_until_commit("form", fingerprint)
    known = Message.objects.filter(fingerprint=fingerprint).select_related("conversation").first()
    if known is not None:
        return known.conversation
    mailbox = Mailbox.objects.filter(is_active=True).order_by("pk").first()
    conversation = open_conversation(
        channel=Channel.WEB_FORM,
        subject=subject,
        address=address.lower(),
        name=name,
        mailbox=mailbox,
        language=language,
    )
    said = _("Customer number given: %(number)s") % {"number": customer_number}
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        sender=address.lower(),
        sender_name=name,
        subject=conversation.subject,
        text=f"{text}\n\n{said}" if customer_number else text,
        arrived_at=clock.now(),
        remarks=[Remark.UNPROVEN.value],
        fingerprint=fingerprint,
    )
    confirm_receipt(conversation=conversation, message=message)
    return _told(conversation, message)


@transaction.atomic
def take_in_letter(
    *,
    account: Account,
    subject: str,
    text: str,
    received_on: dt.date,
    file_name: str,
    content: bytes,
    actor: Any,
) -> Conversation:
    """
    Begin a conversation with a letter that was scanned, at the customer whom it is from.

    `text` is what the letter says, as far as somebody has typed it.

    :raises correspondence.services.uploading.UploadRefused: if the file is not taken
    """
    conversation = open_conversation(
        channel=Channel.LETTER,
        subject=subject,
        name=account.name,
        account=account,
        language=account.language,
    )
    scan = store_upload(
        name=file_name,
        content=content,
        subject=conversation,
        customer=Customer(account.uuid, account.segment),
        title=subject,
        actor=actor,
    )
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        author=actor,
        sender_name=account.name,
        subject=conversation.subject,
        text=text,
        written_at=dt.datetime.combine(received_on, dt.time(12), tzinfo=clock.now().tzinfo),
        arrived_at=clock.now(),
        checks={"document": str(scan.uuid)},
    )
    return _told(conversation, message)


def scans_of(conversation: Conversation) -> list[Document]:
    """Return what was scanned for a conversation."""
    return list(Document.objects.about(conversation._meta.label, conversation.uuid))


def _told(conversation: Conversation, message: Message) -> Conversation:
    notice(WAITING, str(conversation.uuid))
    recording.record(
        "conversations.message.received",
        subject=conversation,
        payload={"message_uuid": str(message.uuid), "channel": conversation.channel},
    )
    return conversation
