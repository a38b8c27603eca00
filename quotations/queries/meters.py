"""What is known of the meter at a point of delivery."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from devices.models import DeviceInfoRecord


def known_meter(*, pod_id: int, day: dt.date) -> DeviceInfoRecord | None:
    """Return the device info record in force on a day, the newest if there are several."""
    return (
        DeviceInfoRecord.objects.filter(pod_id=pod_id, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .prefetch_related("registers")
        .order_by("-valid_from")
        .first()
    )
