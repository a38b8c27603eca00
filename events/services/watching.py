"""Notice what is wrong with messages and besides; note when it began and when it was over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from events.models import Alarm
from events.queries.standing import Limits, Standing, Trouble, standing_of
from events.services.concerns import all_concerns
from events.services.recording import record
from events.services.routing import all_destinations, seconds


def standing_of_all() -> list[Standing]:
    """Return how every destination of this tenant stands."""
    return standing_of(
        [
            Limits(place.name, place.deep_at, seconds(place.troubled_after))
            for place in all_destinations()
        ]
    )


@transaction.atomic
def watch() -> list[Alarm]:
    """
    Raise an alarm for each new trouble, and clear those that are over.

    :return: what has been raised
    """
    now = timezone.now()
    troubles = {
        (standing.limits.name, trouble.kind.value): trouble
        for standing in standing_of_all()
        for trouble in standing.troubles(now)
    } | {
        (one.key, one.kind.value): Trouble(one.kind, one.since, one.number)
        for one in all_concerns()
    }
    known = {
        (alarm.destination, alarm.kind): alarm
        for alarm in Alarm.objects.select_for_update().filter(cleared_at__isnull=True)
    }
    for key, alarm in known.items():
        if key in troubles:
            _note(alarm, troubles[key])
        else:
            alarm.cleared_at = now
            alarm.save(update_fields=["cleared_at", "updated_at"])
            record("events.alarm.cleared", subject=alarm, payload=_figures(alarm))
    return [_raise(*key, troubles[key]) for key in troubles.keys() - known.keys()]


def _note(alarm: Alarm, trouble: Trouble) -> None:
    if (alarm.since, alarm.number) != (trouble.since, trouble.number):
        alarm.since, alarm.number = trouble.since, trouble.number
        alarm.save(update_fields=["since", "number", "updated_at"])


def _raise(destination: str, kind: str, trouble: Trouble) -> Alarm:
    alarm, is_new = Alarm.objects.get_or_create(
        destination=destination,
        kind=kind,
        cleared_at=None,
        defaults={"since": trouble.since, "number": trouble.number},
    )
    if is_new:
        record("events.alarm.raised", subject=alarm, payload=_figures(alarm))
    return alarm


def _figures(alarm: Alarm) -> dict[str, str | int]:
    return {
        "destination": alarm.destination,
        "kind": alarm.kind,
        "since": alarm.since.isoformat(),
        "number": alarm.number,
    }
