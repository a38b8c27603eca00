"""Record the facts of a load: thousands at once, and none that causes a message."""

from __future__ import annotations

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
    made = Event.objects.bulk_create(
        Event(
            name=name,
            occurred_at=now,
            actor_id=actor_id,
            actor_label=actor_name[:150],
            request_id=circumstances.request_id[:64],
            subject_type=fact.subject._meta.label,
            subject_id=fact.subject.pk,
            subject_uuid=getattr(fact.subject, "uuid", None),
            subject_label=fact.label[:200],
            account_uuid=fact.account_uuid,
            payload={**fact.payload, "migration": True},
        )
        for fact in facts
    )
    return len(made)
