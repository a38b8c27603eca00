"""The meters at the places that a customer leaves or moves to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from contracts.models import ContractItem
from contracts.services.processes.shapes import Meter, NewRegister, ProcessRefused
from devices.choices import Rate
from devices.models import DeviceInfoRecord, Register
from premises.models import PointOfDelivery
from quotations.services.metering import usual_registers


def registers_at(pod: PointOfDelivery, day: dt.date) -> list[Register]:
    """Return the counters at a point of delivery on a day: of a meter we describe, or a device."""
    open_end = Q(device_info_record__valid_to__isnull=True) | Q(
        device_info_record__valid_to__gt=day
    )
    described = Register.objects.filter(
        open_end,
        device_info_record__pod=pod,
        device_info_record__valid_from__lte=day,
    )
    found = list(described.order_by("device_info_record", "code"))
    if found:
        return found
    hangs = Q(device__installations__technical_to__isnull=True) | Q(
        device__installations__technical_to__gt=day
    )
    installed = Register.objects.filter(
        hangs,
        device__installations__pod=pod,
        device__installations__technical_from__lte=day,
    )
    return list(installed.order_by("device", "code"))


def described_meter(pod: PointOfDelivery, day: dt.date) -> DeviceInfoRecord | None:
    """Return the meter that we describe at a point of delivery on a day, the newest."""
    return (
        DeviceInfoRecord.objects.filter(pod=pod, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .order_by("-valid_from", "-pk")
        .first()
    )


def reading_of(value: Any, *, digits: int, field: str) -> Decimal:
    """
    Return a reading that the register can show.

    :raises ProcessRefused: if it cannot
    """
    try:
        reading = Decimal(str(value))
    except InvalidOperation as exc:
        raise ProcessRefused(_("Enter a number."), code="READING_INVALID", field=field) from exc
    if reading < 0 or reading >= Decimal(10) ** digits:
        raise ProcessRefused(
            _("The register has %(digits)s digits and cannot show %(reading)s.")
            % {"digits": digits, "reading": reading},
            code="READING_TOO_LONG",
            field=field,
        )
    return reading


def meter_from(facts: Mapping[str, Any] | None, item: ContractItem, pod: PointOfDelivery) -> Meter:
    """
    Return the meter at the new place, as it was typed: number, rate, one reading a register.

    :raises ProcessRefused: if the number or a reading is missing
    """
    typed = facts or {}
    serial = "".join(str(typed.get("serial") or "").split()).upper()
    if not serial:
        raise ProcessRefused(
            _("Enter the number of the meter at the new place."),
            code="METER_MISSING",
            field=f"serial_{item.division.lower()}",
        )
    rate = str(typed.get("rate") or Rate.SINGLE)
    values = typed.get("readings") or {}
    registers = tuple(
        NewRegister(
            code=one.code,
            rate_type=one.rate_type,
            unit=one.unit,
            digits=one.digits,
            decimals=one.decimals,
            factor=one.factor,
            reading=_start_reading(values.get(one.code), one.digits, item, one.code),
        )
        for one in usual_registers(pod.division, rate)
    )
    return Meter(serial=serial, rate=rate, registers=registers)


def _start_reading(value: Any, digits: int, item: ContractItem, code: str) -> Decimal:
    field = f"reading_{item.division.lower()}_{code}"
    if value in (None, ""):
        raise ProcessRefused(
            _("Enter the reading at the new place."), code="READING_MISSING", field=field
        )
    return reading_of(value, digits=digits, field=field)
