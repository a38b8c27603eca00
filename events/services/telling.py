"""Record many facts of one kind at once: what a load made or altered, written set by set."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from events.models import Event
from events.services.recording import NotInTransaction
from events.services.routing import routes_for
from utilcrm import context
from utilcrm.db.copying import copy_into, new_uuids

_COLUMNS = {
    "uuid": "uuid",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "name": "text",
    "occurred_at": "timestamptz",
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


class Fact(NamedTuple):
    """One thing that happened: to which record, to whose customer, and what."""

    subject_type: str
    subject_id: int
    subject_uuid: uuid.UUID | str | None
    subject_label: str
    account_uuid: uuid.UUID | str | None
    payload: dict[str, Any]
    actor_label: str
    actor_id: int | None = None


class HasRoutes(ValueError):
    """A load tells nobody anything: an event that causes messages is recorded one by one."""


def as_text(value: Any) -> str:
    """Return a value as a fact carries it: empty for nothing, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def record_many(name: str, facts: Iterable[Fact], *, occurred_at: dt.datetime) -> int:
    """
    Record facts that no letter, mail, ERP or market message follows from, in one COPY.

    :return: how many
    :raises NotInTransaction: outside a transaction
    :raises HasRoutes: if the event causes messages
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    if routes_for(name):
        raise HasRoutes(name)
    told = list(facts)
    if not told:
        return 0
    request_id = context.current().request_id[:64]
    now = timezone.now()
    copy_into(
        Event._meta.db_table,
        _COLUMNS,
        (
            (
                made,
                now,
                now,
                name,
                occurred_at,
                fact.actor_id,
                fact.actor_label[:150],
                request_id,
                fact.subject_type,
                fact.subject_id,
                fact.subject_uuid,
                fact.subject_label[:200],
                fact.account_uuid,
                json.dumps(fact.payload, ensure_ascii=False),
            )
            for made, fact in zip(new_uuids(len(told)), told, strict=True)
        ),
    )
    return len(told)
