"""Many messages going out at once, each in a lane of its own that nobody has used before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from events.choices import LaneState
from events.models import Delivery, Lane
from events.services.nudging import nudge_after_commit
from events.services.outbox import NotInTransaction, fingerprint
from events.services.routing import destination_named
from utilcrm import context
from utilcrm.db.copying import copy_objects


def enqueue_set(
    *,
    destination: str,
    kind: str,
    messages: Sequence[tuple[str, Mapping[str, Any], uuid.UUID | None]],
) -> int:
    """
    Put messages (ordering key, payload, account) in new lanes, and return how many.

    As the single `enqueue`, it comes last in the transaction.

    :raises NotInTransaction: outside a transaction
    :raises django.db.IntegrityError: if one of the lanes is there already
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(kind)
    place = destination_named(destination)
    if not messages:
        return 0
    now, circumstances = timezone.now(), context.current()
    copy_objects(
        Lane(
            destination=destination,
            ordering_key=key,
            last_seq=1,
            state=LaneState.READY,
            available_at=now,
        )
        for key, _payload, _account in messages
    )
    # their payloads are JSON, which COPY knows nothing of
    Delivery.objects.bulk_create(
        Delivery(
            destination=destination,
            ordering_key=key,
            seq=1,
            kind=kind,
            payload=dict(payload),
            payload_sha256=fingerprint(payload),
            actor_id=circumstances.actor_id,
            interaction_uuid=circumstances.interaction_uuid,
            account_uuid=account_uuid,
        )
        for key, payload, account_uuid in messages
    )
    nudge_after_commit(place)
    return len(messages)
