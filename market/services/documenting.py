"""What goes over the wire is written once, kept, and only then sent: again the very same."""

from __future__ import annotations

import uuid

from django.utils import timezone

from market.gateway.canonical import Outgoing
from market.gateway.register import Document, Register
from market.models import RegisterMessage, SentDocument


def document_to_send(
    register: Register, message: Outgoing, *, codec: str, message_uuid: str | uuid.UUID
) -> Document:
    """
    Return the document under which a message goes out; kept here before anybody can have it.

    Call it outside of any transaction. Two workers at the same message, because one of them was
    thought dead, get the same document.

    :param message: with the id by which the register knows it
    :param message_uuid: our record of the message
    :raises market.gateway.register.RegisterFailure: if it cannot be written; then nothing is kept
    """
    known = SentDocument.objects.filter(delivery_uuid=message.message_id, codec=codec)
    kept = known.first()
    now = timezone.now()
    if kept is not None:
        kept.mark_tried(at=now)
        return Document(kept.name, kept.content.encode())
    written = register.write(message)
    record = SentDocument(
        message=RegisterMessage.objects.get(uuid=message_uuid),
        delivery_uuid=message.message_id,
        codec=codec,
        name=written.name,
        content=written.content.decode(),
        first_tried_at=now,
        last_tried_at=now,
    )
    SentDocument.objects.bulk_create([record], ignore_conflicts=True)
    first = known.get()
    return Document(first.name, first.content.encode())
