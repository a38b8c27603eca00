"""Messages going out: enqueue, confirm, and what a person may do with a stopped one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from events.models import Delivery, Event
from events.services.nudging import nudge_after_commit
from events.services.routing import destination_named
from utilcrm import context
from utilcrm.db.models import new_uuid

# Lanes are made on first use. The row lock that this statement takes is held to the commit:
# that is what makes the order within a lane the order of commits, without gaps.
_NEXT_SEQ = """
    INSERT INTO events_lane (uuid, created_at, updated_at, destination, ordering_key, last_seq,
        done_seq, state, available_at, attempts, unknown, lease_owner, last_error_class,
        last_error)
    VALUES (%(uuid)s, %(now)s, %(now)s, %(destination)s, %(key)s, 1, 0, 'READY', %(due)s, 0,
        false, '', '', '')
    ON CONFLICT (destination, ordering_key) DO UPDATE SET
        last_seq = events_lane.last_seq + 1,
        state = CASE events_lane.state WHEN 'IDLE' THEN 'READY' ELSE events_lane.state END,
        available_at = CASE events_lane.state
            WHEN 'IDLE' THEN EXCLUDED.available_at ELSE events_lane.available_at END,
        updated_at = EXCLUDED.updated_at
    RETURNING last_seq
"""


class NotInTransaction(RuntimeError):
    """A message was to be enqueued apart from the change that causes it."""


def enqueue(
    *,
    destination: str,
    ordering_key: str,
    kind: str,
    payload: Mapping[str, Any],
    requires: Iterable[tuple[str, str, int]] = (),
    event: Event | None = None,
    account_uuid: uuid.UUID | None = None,
    delay: dt.timedelta | None = None,
    deadline_at: dt.datetime | None = None,
) -> Delivery:
    """
    Put a message at the end of its lane; must be the last thing the transaction does.

    ``requires`` names messages (destination, ordering key, seq) that must be done first; a
    message can only require what was enqueued before it, so that lanes cannot wait in a ring.
    ``delay`` keeps an idle lane from being due at once; ``deadline_at`` is when the other side
    must have it.

    :raises NotInTransaction: outside a transaction
    :raises events.services.routing.UnknownDestination: if nothing of that name is wired
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(kind)
    place = destination_named(destination)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _NEXT_SEQ,
            {
                "uuid": new_uuid(),
                "now": now,
                "due": now + (delay or dt.timedelta()),
                "destination": destination,
                "key": ordering_key,
            },
        )
        (seq,) = cursor.fetchone()
    body = dict(payload)
    circumstances = context.current()
    delivery = Delivery.objects.create(
        destination=destination,
        ordering_key=ordering_key,
        seq=seq,
        kind=kind,
        payload=body,
        payload_sha256=fingerprint(body),
        requires=[list(requirement) for requirement in requires],
        event=event,
        actor_id=event.actor_id if event else circumstances.actor_id,
        interaction_uuid=event.interaction_uuid if event else circumstances.interaction_uuid,
        account_uuid=account_uuid or (event.account_uuid if event else None),
        deadline_at=deadline_at,
    )
    nudge_after_commit(place)
    return delivery


def supersede(delivery: Delivery, payload: Mapping[str, Any]) -> Delivery:
    """Replace a message by one under a new id at the same place; the lane is the caller's."""
    delivery.mark_superseded()
    body = dict(payload)
    replacement = Delivery.objects.create(
        destination=delivery.destination,
        ordering_key=delivery.ordering_key,
        seq=delivery.seq,
        kind=delivery.kind,
        schema_version=delivery.schema_version,
        payload=body,
        payload_sha256=fingerprint(body),
        requires=delivery.requires,
        event=delivery.event,
        actor_id=delivery.actor_id,
        interaction_uuid=delivery.interaction_uuid,
        account_uuid=delivery.account_uuid,
        deadline_at=delivery.deadline_at,
    )
    delivery.superseded_by = replacement
    delivery.save(update_fields=["superseded_by", "updated_at"])
    return replacement


def fingerprint(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a payload in canonical JSON."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
