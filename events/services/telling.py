"""Record many facts of one kind at once: what a load altered, written set by set."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from events.models import Event
from events.services.recording import NotInTransaction
from events.services.routing import routes_for
from utilcrm import context

_AT_ONCE = 1000


class Fact(NamedTuple):
    """One thing that happened: to which record, to whose customer, and what."""

    subject_type: str
    subject_id: int
    subject_uuid: uuid.UUID | None
    subject_label: str
    account_uuid: uuid.UUID | None
    payload: dict[str, Any]
    actor_label: str


class HasRoutes(ValueError):
    """An event that causes messages is recorded one by one."""


def as_text(value: Any) -> str:
    """Return a value as a fact carries it: empty for nothing, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def record_many(name: str, facts: Iterable[Fact], *, occurred_at: dt.datetime) -> int:
    """
    Record facts that nobody's message follows from, in a few statements.

    :return: how many
    :raises NotInTransaction: outside a transaction
    :raises HasRoutes: if the event causes messages
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    if routes_for(name):
        raise HasRoutes(name)
    request_id = context.current().request_id[:64]
    written = Event.objects.bulk_create(
        [
            Event(
                name=name,
                occurred_at=occurred_at,
                actor_label=fact.actor_label[:150],
                request_id=request_id,
                subject_type=fact.subject_type,
                subject_id=fact.subject_id,
                subject_uuid=fact.subject_uuid,
                subject_label=fact.subject_label[:200],
                account_uuid=fact.account_uuid,
                payload=fact.payload,
            )
            for fact in facts
        ],
        batch_size=_AT_ONCE,
    )
    return len(written)
