"""Sending messages: written here, sent by a worker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.template import Context
from django.template.loader import select_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from correspondence.choices import MessagePurpose, MessageStatus
from correspondence.models import Document, Message
from correspondence.services.documents import Customer, requirement_of, subject_uuid
from correspondence.services.enclosing import EnclosureAway, EnclosureGone, enclosed
from correspondence.services.rendering import OriginalAltered, read_unaltered
from events.services import outbox, recording
from events.services.handling import (
    Done,
    Envelope,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
    Unknown,
)
from tenants.queries import current_profile
from utilcrm import mail, vault

DESTINATION = "mail"
PURPOSE = "message-secret"


class MessageNotRepeatable(Exception):
    """The message has not left yet, or carried something that was meant for one moment only."""


def send_message(
    *,
    purpose: MessagePurpose,
    subject: models.Model,
    customer: Customer,
    to: str,
    template: str,
    language: str,
    context: Mapping[str, Any],
    documents: Iterable[Document] = (),
    secret: Mapping[str, str] | None = None,
    wait_for: Iterable[Document] = (),
) -> Message:
    """
    Write a message and hand it to the worker, which sends it as soon as its documents are made.

    `template` names the folder that holds `<language>/subject.txt`, `body.txt` and `body.html`
    (English where the language has none). `secret` holds values that only the customer may read;
    in what is kept they are marks like `[[link]]`. Call it in the business transaction.
    """
    secret = dict(secret or {})
    documents = list(documents)
    marks = {name: f"[[{name}]]" for name in secret}
    values = {**context, **marks, "utility": current_profile()}
    message = Message.objects.create(
        account_uuid=customer.account_uuid,
        segment=customer.segment,
        subject_type=subject._meta.label,
        subject_uuid=subject_uuid(subject),
        purpose=purpose,
        language=language,
        to=to,
        **written(template, language, values),
        secret=vault.lock(json.dumps(secret).encode(), purpose=PURPOSE) if secret else "",
    )
    message.documents.set(documents)
    hand_over(message, [*documents, *wait_for])
    return message


@transaction.atomic
def send_again(*, message: Message) -> Message:
    """
    Send a copy of a message, with the same documents, once more.

    :raises MessageNotRepeatable: if it has not left yet, or held a secret
    """
    if not message.can_be_repeated:
        raise MessageNotRepeatable(_("This message cannot be sent again."))
    copy = Message.objects.create(
        **{
            name: getattr(message, name)
            for name in (
                "account_uuid",
                "segment",
                "subject_type",
                "subject_uuid",
                "purpose",
                "language",
                "to",
                "subject",
                "text",
                "html",
                "enclosure",
                "sender",
                "headers",
            )
        }
    )
    documents = list(message.documents.all())
    copy.documents.set(documents)
    hand_over(copy, documents)
    return copy


def call_back(*, subject: models.Model, purposes: Iterable[MessagePurpose]) -> int:
    """
    Cancel what has not left the house yet of the messages about a record; return how many.

    Part of the business change that makes them wrong: call it in that transaction.
    """
    waiting = Message.objects.select_for_update().filter(
        subject_uuid=subject_uuid(subject),
        purpose__in=list(purposes),
        status__in=[MessageStatus.PENDING, MessageStatus.FAILED],
    )
    for message in waiting:
        message.mark_cancelled()
    return len(waiting)


def hand_over(message: Message, documents: Iterable[Document]) -> None:
    """Enqueue a message that was written, behind the documents that it carries."""
    requires = [place for document in documents for place in requirement_of(document)]
    outbox.enqueue(
        destination=DESTINATION,
        ordering_key=f"message:{message.uuid}",
        kind="send",
        payload={"message_uuid": str(message.uuid)},
        requires=requires,
        account_uuid=message.account_uuid,
    )


class MailHandler(Handler):
    """
    Sends one message by SMTP; the destination `mail`.

    The Message-ID is the delivery's id. SMTP cannot be asked whether a message has arrived, so
    after a lost connection it is sent again with the same Message-ID, by which the recipient's
    system recognises it.
    """

    kinds: ClassVar[Mapping[str, Any]] = {"send": gettext_lazy("Send a mail")}

    def deliver(self, envelope: Envelope) -> Outcome:
        """Hand the message to the mail server."""
        message = Message.objects.get(uuid=envelope.payload["message_uuid"])
        if message.status in {MessageStatus.SENT, MessageStatus.CANCELLED}:
            return Done(result={"already": True})
        message_id = message.headers.get("Message-ID") or message_id_of(envelope.delivery_id)
        try:
            mail.send(_as_mail(message, message_id))
        except _NOT_SENT as exc:
            return _outcome_of(exc)
        return Done(external_ref=message_id[:80])

    def query(self, envelope: Envelope) -> Outcome:
        """Say "not there", which has it sent again under the same Message-ID."""
        return NotFound()

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Note that it is on its way."""
        message = Message.objects.select_for_update().get(uuid=envelope.payload["message_uuid"])
        if message.status in {MessageStatus.SENT, MessageStatus.CANCELLED}:
            return
        message.mark_sent(message_id=outcome.external_ref, at=timezone.now())
        # nothing follows from an invoice that was sent, and there are millions of them
        is_invoice = message.purpose == MessagePurpose.INVOICE
        recording.record(
            "correspondence.invoice.sent" if is_invoice else "correspondence.message.sent",
            subject=message,
            payload=_event_payload(message),
        )

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Note that the mail server will not have it."""
        message = Message.objects.select_for_update().get(uuid=envelope.payload["message_uuid"])
        message.mark_failed(reason=outcome.text)
        recording.record(
            "correspondence.message.refused",
            subject=message,
            payload={**_event_payload(message), "reason": outcome.text},
        )


_NOT_SENT = (
    mail.MailNotSent,
    mail.MailUnknown,
    mail.MailRefused,
    OriginalAltered,
    EnclosureAway,
    EnclosureGone,
)


def _outcome_of(exc: Exception) -> Outcome:
    if isinstance(exc, mail.MailNotSent | EnclosureAway):
        return NotApplied(str(exc))
    if isinstance(exc, mail.MailUnknown):
        return Unknown(str(exc))
    if isinstance(exc, mail.MailRefused):
        return Refused(str(exc.code), "to", str(exc))
    code = "DOCUMENT_ALTERED" if isinstance(exc, OriginalAltered) else "ENCLOSURE_GONE"
    return Refused(code, "documents", str(exc))


def message_id_of(delivery_id: uuid.UUID) -> str:
    """Return the Message-ID under which a delivery's mail travels, however often it is sent."""
    return f"<{delivery_id}@{settings.BASE_DOMAIN}>"


def _as_mail(message: Message, message_id: str) -> mail.Mail:
    profile = current_profile()
    secret: dict[str, str] = {}
    if message.secret:
        secret = json.loads(vault.unlock(message.secret, purpose=PURPOSE))
    return mail.Mail(
        message_id=message_id,
        sender_name=profile.legal_name,
        sender=message.sender or profile.email or settings.DEFAULT_FROM_EMAIL,
        to=message.to,
        subject=message.subject,
        text=_fill(message.text, secret),
        html=_fill(message.html, secret),
        language=message.language,
        attachments=(
            *(
                mail.Attachment(
                    name=document.file_name, content=read_unaltered(document), mime=document.mime
                )
                for document in message.documents.all()
            ),
            *enclosed(message.enclosure),
        ),
        headers=message.headers,
    )


def _fill(text: str, secret: Mapping[str, str]) -> str:
    for name, value in secret.items():
        text = text.replace(f"[[{name}]]", value)
    return text


def written(template: str, language: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return subject, text and HTML of a message."""
    return {
        "subject": " ".join(_render(template, language, "subject.txt", values).split())[:200],
        "text": _render(template, language, "body.txt", values),
        "html": _render(template, language, "body.html", values),
    }


def _render(folder: str, language: str, part: str, values: Mapping[str, Any]) -> str:
    """Render one part of a message; only HTML is escaped."""
    template = select_template([f"{folder}/{language}/{part}", f"{folder}/en/{part}"])
    context = Context(dict(values), autoescape=part.endswith(".html"))
    with translation.override(language):
        return str(template.template.render(context))


def _event_payload(message: Message) -> dict[str, str | None]:
    return {
        "message_uuid": str(message.uuid),
        "purpose": message.purpose,
        "about_type": message.subject_type,
        "about_uuid": str(message.subject_uuid) if message.subject_uuid else None,
        "to": message.to,
    }
