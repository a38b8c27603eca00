"""Tell once of each meter that took the place of another one, whoever has ordered it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import transaction

from devices.queries.replacements import Replacement, replacements_at
from events.queries import recorded_of
from events.services import recording
from premises.models import PointOfDelivery

REPLACED = "devices.device.replaced"
"""What market and regulator are to be told of a meter change hangs on this event (C-29)."""


@transaction.atomic
def tell_replacements(
    pods: Collection[uuid.UUID],
    *,
    since: dt.date,
    account_of: Callable[[Replacement], uuid.UUID | None] | None = None,
    more_of: Callable[[Replacement], Mapping[str, Any]] | None = None,
) -> int:
    """
    Record what was replaced on a day or later at some points of delivery, as they are now.

    It does not matter by which way, in which order and how often the two ends of a replacement
    come in: what was told is not told again, also when the day is corrected later.

    :param account_of: whose timeline it belongs to
    :param more_of: what else is known about it
    :return: how many were told
    """
    found = replacements_at(pods, since=since)
    if not found:
        return 0
    # the ERP's answer to an order and its change log may come at the same moment
    places = PointOfDelivery.objects.filter(pk__in={one.pod.pk for one in found}).order_by("pk")
    list(places.select_for_update(no_key=True))
    told = {
        (event.subject_type, event.subject_id, event.payload.get("removed"))
        for event in recorded_of(REPLACED, [one.installed for one in found])
    }
    new = [
        one
        for one in found
        if (one.installed._meta.label, one.installed.pk, one.removed.serial_number) not in told
    ]
    for one in new:
        recording.record(
            REPLACED,
            subject=one.installed,
            account_uuid=account_of(one) if account_of else None,
            payload={
                "pod_uuid": str(one.pod.uuid),
                "pod": one.pod.external_id,
                "effective_on": one.replaced_on.isoformat(),
                "removed": one.removed.serial_number,
                "installed": one.installed.serial_number,
                **(more_of(one) if more_of else {}),
            },
        )
    return len(new)
