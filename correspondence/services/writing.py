"""Messages that a person has written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models

from correspondence.choices import MessagePurpose
from correspondence.models import Document, Message
from correspondence.services.documents import Customer, subject_uuid
from correspondence.services.mailing import hand_over


def send_written(
    *,
    purpose: MessagePurpose,
    subject: models.Model,
    customer: Customer,
    sender: str,
    to: str,
    heading: str,
    text: str,
    language: str,
    headers: Mapping[str, str],
    documents: Iterable[Document] = (),
    enclosure: str = "",
) -> Message:
    """
    Hand what a person has written to the worker; call it in the business transaction.

    `headers` may hold a Message-ID of the caller's own, under which it travels however often it
    is sent. An empty `sender` is the utility's own address. `enclosure` names what is fetched when
    it is sent (`correspondence.services.enclosing`).
    """
    documents = list(documents)
    message = Message.objects.create(
        account_uuid=customer.account_uuid,
        segment=customer.segment,
        subject_type=subject._meta.label,
        subject_uuid=subject_uuid(subject),
        purpose=purpose,
        language=language,
        sender=sender,
        to=to,
        subject=" ".join(heading.split())[:200],
        text=text,
        headers=dict(headers),
        enclosure=enclosure,
    )
    message.documents.set(documents)
    hand_over(message, documents)
    return message
