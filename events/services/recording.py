"""Record facts."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.utils import timezone

from events.models import Event
from events.services.outbox import enqueue
from events.services.routing import routes_for
from utilcrm import context

_NAME = re.compile(r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")


class NotInTransaction(RuntimeError):
    """A fact was to be recorded apart from the change it tells of."""


def record(
    name: str,
    *,
    subject: models.Model,
    payload: Mapping[str, Any] | None = None,
    actor: models.Model | None = None,
    account_uuid: uuid.UUID | None = None,
    occurred_at: dt.datetime | None = None,
) -> Event:
    """
    Record that something happened to ``subject``, and enqueue what it causes.

    Call it last in the transaction that makes it true: it locks the lanes of the messages it
    causes until the commit. Actor, contact and request come from ``utilcrm.context`` unless an
    actor is given. ``payload`` must be JSON (Decimals and dates as strings).

    :raises NotInTransaction: outside a transaction
    :raises ValueError: if the name is not ``app.noun.past_verb``
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is not app.noun.past_verb")
    circumstances = context.current()
    event = Event.objects.create(
        name=name,
        occurred_at=occurred_at or timezone.now(),
        actor_id=actor.pk if actor is not None else circumstances.actor_id,
        actor_label=(str(actor) if actor is not None else circumstances.actor_name)[:150],
        interaction_uuid=circumstances.interaction_uuid,
        request_id=circumstances.request_id[:64],
        subject_type=subject._meta.label,
        subject_id=subject.pk,
        subject_uuid=getattr(subject, "uuid", None),
        subject_label=str(subject)[:200],
        account_uuid=account_uuid or _account_of(subject),
        payload=dict(payload or {}),
    )
    routes = routes_for(name)
    if routes:
        message = event.for_message()
        for route in routes:
            enqueue(
                destination=route.destination,
                ordering_key=route.lane_for(message),
                kind=route.kind,
                payload=message,
                event=event,
            )
    return event


def _account_of(subject: models.Model) -> uuid.UUID | None:
    """Find whose customer timeline the subject belongs to, as far as it says so itself."""
    own: uuid.UUID | None = getattr(subject, "account_uuid", None)
    if own is not None:
        return own
    if subject._meta.model_name == "account":
        return getattr(subject, "uuid", None)
    if getattr(subject, "account_id", None) is not None:
        return getattr(getattr(subject, "account", None), "uuid", None)
    return None
