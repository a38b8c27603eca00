"""Meters at points of delivery."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch, Q, QuerySet

from access.models import User
from devices.models import DeviceInfoRecord, MeterReading, Register
from premises.models import PointOfDelivery
from utilcrm import clock


def meters_at(pod: PointOfDelivery, *, on: dt.date | None = None) -> QuerySet[DeviceInfoRecord]:
    """
    Return the meters at a point of delivery on a day (today), with registers and readings.

    The point of delivery was loaded through `visible_to`.
    """
    day = on or clock.today()
    return (
        _with_registers(DeviceInfoRecord.objects.filter(pod=pod, valid_from__lte=day))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .order_by("serial_number", "id")
    )


def meter_history(pod: PointOfDelivery) -> QuerySet[DeviceInfoRecord]:
    """Return every meter that stood or stands at a point of delivery, the latest first."""
    return _with_registers(DeviceInfoRecord.objects.filter(pod=pod)).order_by("-valid_from", "-id")


def meters_by_serial_number(user: User, serial_number: str) -> QuerySet[DeviceInfoRecord]:
    """Return the meters with a number that the user may see; makers reuse numbers."""
    return (
        DeviceInfoRecord.objects.visible_to(user)
        .filter(serial_number="".join(serial_number.split()).upper())
        .select_related("pod__premise__connection_object")
        .order_by("-valid_from", "-id")
    )


def _with_registers(records: QuerySet[DeviceInfoRecord]) -> QuerySet[DeviceInfoRecord]:
    return records.prefetch_related(
        Prefetch("registers", Register.objects.order_by("code")),
        Prefetch("registers__readings", MeterReading.objects.order_by("-read_on", "-id")),
    )
