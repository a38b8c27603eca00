"""Which meters took the place of others: what the market and the regulator are to be told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Q

from devices.models import Device, DeviceInfoRecord, DeviceInstallation
from premises.models import PointOfDelivery


class Replacement(NamedTuple):
    """A meter that stands where another one stood until the same day."""

    pod: PointOfDelivery
    removed: Device | DeviceInfoRecord
    installed: Device | DeviceInfoRecord
    replaced_on: dt.date


class _Stay(NamedTuple):
    pod: PointOfDelivery
    place: str
    meter: Device | DeviceInfoRecord
    starts_on: dt.date
    ends_on: dt.date | None


def replacements_at(pods: Collection[uuid.UUID], *, since: dt.date) -> list[Replacement]:
    """
    Return what was replaced at some points of delivery on a day or later, the earliest first.

    An installed device goes on under the logical number of the one before; of info records it is
    the one that ends at the same point of delivery on that day, with another meter's number.
    """
    ended: dict[tuple[int, str, dt.date], list[_Stay]] = defaultdict(list)
    begun: list[_Stay] = []
    for stay in (*_devices(pods, since), *_records(pods, since)):
        if stay.ends_on is not None and stay.ends_on >= since:
            ended[stay.pod.pk, stay.place, stay.ends_on].append(stay)
        if stay.starts_on >= since:
            begun.append(stay)
    found = []
    for stay in sorted(begun, key=lambda one: (one.starts_on, one.meter.pk)):
        before = ended[stay.pod.pk, stay.place, stay.starts_on]
        others = [one for one in before if one.meter.serial_number != stay.meter.serial_number]
        if others:
            before.remove(others[0])
            found.append(Replacement(stay.pod, others[0].meter, stay.meter, stay.starts_on))
    return found


def _devices(pods: Collection[uuid.UUID], since: dt.date) -> Iterable[_Stay]:
    rows = DeviceInstallation.objects.filter(
        Q(technical_from__gte=since) | Q(technical_to__gte=since), pod__uuid__in=pods
    )
    for one in rows.select_related("device", "pod").order_by("pk"):
        yield _Stay(one.pod, one.logical_number, one.device, one.technical_from, one.technical_to)


def _records(pods: Collection[uuid.UUID], since: dt.date) -> Iterable[_Stay]:
    rows = DeviceInfoRecord.objects.filter(
        Q(valid_from__gte=since) | Q(valid_to__gte=since), pod__uuid__in=pods
    )
    for one in rows.select_related("pod").order_by("pk"):
        yield _Stay(one.pod, "", one, one.valid_from, one.valid_to)
