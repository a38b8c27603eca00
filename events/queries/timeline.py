"""What happened: to an account, to a record, in a contact."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models

from events.models import Event


@dataclass(frozen=True)
class Touched:
    """A record that a contact dealt with."""

    subject_type: str
    subject_id: int
    subject_uuid: uuid.UUID | None
    label: str
    first_event: str
    # whether nothing but `looking` events happened to it there
    only_named: bool = False
    # whose customer timeline the first event belongs to
    account_uuid: uuid.UUID | None = None


def for_account(account_uuid: uuid.UUID, limit: int = 50, before: int | None = None) -> list[Event]:
    """Return an account's events, newest first; ``before`` is the id of the last one shown."""
    events = Event.objects.filter(account_uuid=account_uuid)
    if before is not None:
        events = events.filter(pk__lt=before)
    return list(events.order_by("-pk")[:limit])


def for_subject(subject: models.Model, limit: int = 50) -> list[Event]:
    """Return what happened to one record, newest first."""
    return list(
        Event.objects.filter(subject_type=subject._meta.label, subject_id=subject.pk).order_by(
            "-pk"
        )[:limit]
    )


def recorded_of(name: str, subjects: Iterable[models.Model]) -> list[Event]:
    """Return the events of a name that some records have."""
    condition = models.Q()
    for subject in subjects:
        condition |= models.Q(subject_type=subject._meta.label, subject_id=subject.pk)
    return list(Event.objects.filter(condition, name=name)) if condition else []


def names_in(interaction_uuid: uuid.UUID, *, among: Iterable[str]) -> set[str]:
    """Return which of these events a contact has caused."""
    rows = Event.objects.filter(interaction_uuid=interaction_uuid, name__in=list(among))
    return set(rows.values_list("name", flat=True).distinct())


def touched_in(interaction_uuid: uuid.UUID, looking: frozenset[str] = frozenset()) -> list[Touched]:
    """
    Return the records a contact touched, each once, in the order of first access.

    `looking` names events that only point at a record and change nothing of it.
    """
    seen: dict[tuple[str, int], Touched] = {}
    for event in Event.objects.filter(interaction_uuid=interaction_uuid).order_by("pk"):
        key = (event.subject_type, event.subject_id)
        if key in seen:
            if seen[key].only_named and event.name not in looking:
                seen[key] = replace(seen[key], only_named=False)
        else:
            seen[key] = Touched(
                subject_type=event.subject_type,
                subject_id=event.subject_id,
                subject_uuid=event.subject_uuid,
                label=event.subject_label,
                first_event=event.name,
                only_named=event.name in looking,
                account_uuid=event.account_uuid,
            )
    return list(seen.values())
