"""What was exchanged about a message: our documents and the register's, side by side."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from access.models import User
from market.choices import Direction
from market.models import RegisterMessage, SentDocument

_SHOWN = 20


@dataclass(frozen=True)
class Exchanged:
    """
    One document on the wire, or its place where it is not kept any more (`content` is empty).

    `at` is when we set out to hand it over first, or when it was made there; `last_at` and
    `attempts` are of ours only. `name` is empty for what came in.
    """

    message: RegisterMessage
    document_id: str
    at: dt.datetime
    content: str
    name: str = ""
    last_at: dt.datetime | None = None
    attempts: int = 0


def exchanged(message: RegisterMessage, user: User) -> list[Exchanged]:
    """Return what went to and fro about a message and its answers, the earliest first."""
    rows: list[Exchanged] = []
    asked = message if message.direction == Direction.OUT else _answered_by(message, user)
    if asked is not None:
        rows += _sent(asked)
    if message.direction == Direction.IN:
        rows.append(_received(message))
    else:
        rows += [_received(one) for one in _answers_to(message, rows, user)]
    return sorted(rows, key=lambda one: one.at)


def _answered_by(message: RegisterMessage, user: User) -> RegisterMessage | None:
    """Return our message that one of the register answers."""
    try:
        known = uuid.UUID(message.reference)
    except ValueError:
        return None
    rows = RegisterMessage.objects.visible_to(user).filter(direction=Direction.OUT)
    found: RegisterMessage | None = (
        rows.filter(delivery_uuid=known).first()
        # it was mended since, and went out again under another id
        or rows.filter(documents__delivery_uuid=known).first()
    )
    return found


def _answers_to(
    message: RegisterMessage, sent: list[Exchanged], user: User
) -> list[RegisterMessage]:
    ids = {one.document_id for one in sent} | {message.message_id}
    rows = RegisterMessage.objects.visible_to(user).filter(
        direction=Direction.IN, pod_id=message.pod_id, reference__in=ids
    )
    return list(rows.order_by("-pk")[:_SHOWN])


def _sent(message: RegisterMessage) -> list[Exchanged]:
    documents: list[SentDocument] = list(message.documents.order_by("-pk")[:_SHOWN])
    if not documents and message.sent_at is not None:
        return [Exchanged(message, message.message_id, message.sent_at, "")]
    return [
        Exchanged(
            message,
            str(one.delivery_uuid),
            one.first_tried_at,
            one.content,
            name=one.name,
            last_at=one.last_tried_at if one.attempts > 1 else None,
            attempts=one.attempts,
        )
        for one in documents
    ]


def _received(message: RegisterMessage) -> Exchanged:
    return Exchanged(message, message.message_id, message.at, message.raw)
