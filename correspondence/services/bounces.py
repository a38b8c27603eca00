"""Messages that came back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction

from correspondence.models import Message
from correspondence.services.mailing import DESTINATION
from events.models import Delivery
from events.services import recording


@transaction.atomic
def note_bounce(*, message_id: str, reason: str) -> Message | None:
    """
    Note at the customer that one of our messages came back, and why; once for each message.

    `message_id` is what the report says of the returned message. Returns None if it is none that
    this tenant has sent lately: deliveries that are done are forgotten after a while.
    """
    delivery_id = _delivery_id(message_id)
    if delivery_id is None:
        return None
    sent = Delivery.objects.filter(uuid=delivery_id, destination=DESTINATION).first()
    if sent is None:
        return None
    message = Message.objects.select_for_update().filter(uuid=sent.payload["message_uuid"]).first()
    if message is None or message.failure:
        return message
    message.failure = reason or "?"
    message.save(update_fields=["failure", "updated_at"])
    recording.record(
        "correspondence.message.bounced",
        subject=message,
        payload={"message_uuid": str(message.uuid), "to": message.to, "reason": message.failure},
    )
    return message


def _delivery_id(message_id: str) -> uuid.UUID | None:
    """Read the delivery out of a Message-ID of ours: `<uuid@our domain>`."""
    local, _at, domain = message_id.strip("<> ").partition("@")
    if domain != settings.BASE_DOMAIN:
        return None
    try:
        return uuid.UUID(local)
    except ValueError:
        return None
