"""Record the facts of a load: thousands at once, and none that causes a message."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils import timezone

from events.models import Event
from events.services.recording import NotInTransaction
from events.services.routing import routes_for
from utilcrm import context
from utilcrm.db.copying import copy_into
from utilcrm.db.models import new_uuid

_COLUMNS = {
    "uuid": "uuid",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "occurred_at": "timestamptz",
    "name": "text",
    "actor_id": "bigint",
    "actor_label": "text",
    "request_id": "text",
    "subject_type": "text",
    "subject_id": "bigint",
    "subject_uuid": "uuid",
    "subject_label": "text",
    "account_uuid": "uuid",
    "payload": "jsonb",
}


class CausesMessages(RuntimeError):
    """The facts of a load may not be routed: a load tells nobody anything."""


@dataclass(frozen=True)
class Fact:
    """Something that is so of a record since the load; `label` is what the timeline says of it."""

    subject: models.Model
    label: str
    account_uuid: uuid.UUID | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def record_set(name: str, facts: Iterable[Fact], *, actor_id: int | None, actor_name: str) -> int:
    """
    Record one event a fact in the caller's transaction, and return how many.

    What a load brings in shows on timelines, but no letter, mail, ERP or market message follows:
    an event that has a route is refused here, so that nobody can add one by accident.

    :raises CausesMessages: if the event has a route
    :raises events.services.recording.NotInTransaction: outside a transaction
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    if routes_for(name):
        raise CausesMessages(name)
    now = timezone.now()
    circumstances = context.current()
    lines = [
        (
            new_uuid(),
            now,
            now,
            now,
            name,
            actor_id,
            actor_name[:150],
            circumstances.request_id[:64],
            fact.subject._meta.label,
            fact.subject.pk,
            getattr(fact.subject, "uuid", None),
            fact.label[:200],
            fact.account_uuid,
            json.dumps({**fact.payload, "migration": True}),
        )
        for fact in facts
    ]
    copy_into(Event._meta.db_table, _COLUMNS, lines)
    return len(lines)
