"""Many messages of one kind at once: hundreds of customers, a handful of statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from correspondence.choices import MessagePurpose
from correspondence.models import Message
from correspondence.services.documents import Customer
from correspondence.services.mailing import written
from events.services.outbox_sets import enqueue_set
from tenants.queries import current_profile
from utilcrm.db.copying import copy_objects


@dataclass(frozen=True)
class Letter:
    """One message to one customer; `enclosure` is fetched when it is sent."""

    customer: Customer
    to: str
    language: str
    context: Mapping[str, Any]
    about_type: str = ""
    about_uuid: uuid.UUID | None = None
    enclosure: str = ""


def send_set(
    letters: Iterable[Letter], *, purpose: MessagePurpose, template: str, destination: str
) -> int:
    """
    Write messages and hand them to the workers of a destination, in the caller's transaction.

    `template` as in `correspondence.services.mailing.send_message`. Returns how many.
    """
    utility = current_profile()
    messages = copy_objects(
        Message(
            account_uuid=letter.customer.account_uuid,
            segment=letter.customer.segment,
            subject_type=letter.about_type,
            subject_uuid=letter.about_uuid,
            purpose=purpose,
            language=letter.language,
            to=letter.to,
            enclosure=letter.enclosure,
            **written(template, letter.language, {**letter.context, "utility": utility}),
        )
        for letter in letters
    )
    enqueue_set(
        destination=destination,
        kind="send",
        messages=[
            (f"message:{one.uuid}", {"message_uuid": str(one.uuid)}, one.account_uuid)
            for one in messages
        ],
    )
    return len(messages)
