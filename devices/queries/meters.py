"""Meters at points of delivery, be they described by an info record or installed as devices."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch, Q, QuerySet

from access.models import User
from devices.models import (
    Device,
    DeviceInfoRecord,
    DeviceInstallation,
    MeterReading,
    Register,
)
from premises.models import PointOfDelivery
from utilcrm import clock

Meter = DeviceInfoRecord | Device


def meters_at(pod: PointOfDelivery, *, on: dt.date | None = None) -> list[Meter]:
    """
    Return the meters at a point of delivery on a day (today), with registers and readings.

    The point of delivery was loaded through `visible_to`.
    """
    day = on or clock.today()
    records = _with_registers(
        DeviceInfoRecord.objects.filter(pod=pod, valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )
    )
    return [
        *records.order_by("serial_number", "id"),
        *(one.device for one in devices_at(pod, on=day)),
    ]


def devices_at(pod: PointOfDelivery, *, on: dt.date | None = None) -> list[DeviceInstallation]:
    """Return what is installed at a point of delivery on a day (today), as `device_history`."""
    day = on or clock.today()
    return list(
        _installed(
            DeviceInstallation.objects.filter(pod=pod, technical_from__lte=day).filter(
                Q(technical_to__isnull=True) | Q(technical_to__gt=day)
            )
        ).order_by("logical_number", "id")
    )


def device_history(pod: PointOfDelivery) -> list[DeviceInstallation]:
    """Return all that is and was installed, the latest first, with device, registers, readings."""
    return list(
        _installed(DeviceInstallation.objects.filter(pod=pod)).order_by("-technical_from", "-id")
    )


def meter_history(pod: PointOfDelivery) -> list[Meter]:
    """Return every meter that stood or stands at a point of delivery, the latest first."""
    records = _with_registers(DeviceInfoRecord.objects.filter(pod=pod))
    return [
        *records.order_by("-valid_from", "-id"),
        *(one.device for one in device_history(pod)),
    ]


def meters_by_serial_number(user: User, serial_number: str) -> QuerySet[DeviceInfoRecord]:
    """Return the info records with a number that the user may see; makers reuse numbers."""
    return (
        DeviceInfoRecord.objects.visible_to(user)
        .filter(serial_number="".join(serial_number.split()).upper())
        .select_related("pod__premise__connection_object")
        .order_by("-valid_from", "-id")
    )


def _installed(rows: QuerySet[DeviceInstallation]) -> QuerySet[DeviceInstallation]:
    return rows.select_related("device").prefetch_related(*_counters("device__"))


def _with_registers(records: QuerySet[DeviceInfoRecord]) -> QuerySet[DeviceInfoRecord]:
    return records.prefetch_related(*_counters(""))


def _counters(path: str) -> tuple[Prefetch, ...]:
    return (
        Prefetch(f"{path}registers", Register.objects.order_by("code")),
        Prefetch(f"{path}registers__readings", MeterReading.objects.order_by("-read_on", "-id")),
    )
