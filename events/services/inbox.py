"""Messages coming in: each is applied once, and an old one never over a newer one."""

from __future__ import annotations

import enum
import hashlib
import zlib
from collections.abc import Callable

from django.db import connection, transaction

from events.choices import InboxState
from events.models import InboxMessage
from utilcrm.db.tenancy import current_schema


class Receipt(enum.Enum):
    """What became of an inbound message."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    STALE = "stale"


class MessageIdReused(Exception):
    """The sender used an id again for another content."""


@transaction.atomic
def receive(
    *,
    source: str,
    message_id: str,
    payload_bytes: bytes,
    object_key: str = "",
    object_version: int | None = None,
    apply: Callable[[], None],
    apply_stale: Callable[[], None] | None = None,
) -> Receipt:
    """
    Take an inbound message: store its id and call ``apply``, in one transaction.

    If ``apply`` raises, nothing is stored and the sender may send again. With ``object_version``
    the message is left unapplied when a newer version of ``object_key`` was applied before;
    ``apply_stale`` is called then instead, for what an old message still has to tell.

    :raises MessageIdReused: if the id is known with another content
    """
    digest = hashlib.sha256(payload_bytes).hexdigest()
    message, created = InboxMessage.objects.get_or_create(
        source=source,
        message_id=message_id,
        defaults={
            "payload_sha256": digest,
            "object_key": object_key,
            "object_version": object_version,
            "state": InboxState.APPLIED,
        },
    )
    if not created:
        if message.payload_sha256 != digest:
            raise MessageIdReused(message_id)
        return Receipt.DUPLICATE
    if object_version is not None:
        _one_at_a_time(f"{source}:{object_key}")
        newer = (
            InboxMessage.objects.filter(
                source=source,
                object_key=object_key,
                state=InboxState.APPLIED,
                object_version__gte=object_version,
            )
            .exclude(pk=message.pk)
            .exists()
        )
        if newer:
            InboxMessage.objects.filter(pk=message.pk).update(state=InboxState.STALE)
            if apply_stale is not None:
                apply_stale()
            return Receipt.STALE
    apply()
    return Receipt.APPLIED


def _one_at_a_time(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)",
            [
                zlib.crc32(current_schema().encode()) - 2**31,
                zlib.crc32(key.encode()) - 2**31,
            ],
        )
