"""Meters and readings for the register (C-29)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from contracts.models import ContractItem
from devices.choices import ReadingReason
from devices.models import MeterReading, ReadingReport
from devices.queries import Meter, meter_history
from market.choices import MessageKind
from market.gateway.canonical import MeterChanged, ReadingSubmitted, RegisterValue
from market.queries.supply import supplies_now
from market.services.telling import tell
from market.services.wording import head
from premises.models import PointOfDelivery


def tell_meter_change(payload: Mapping[str, Any]) -> None:
    """Tell once that a meter took the place of another one where we supply."""
    day = dt.date.fromisoformat(payload["effective_on"])
    pod, item = _supplied(payload["pod_uuid"], day)
    if item is None:
        return
    account = item.contract.account
    tell(
        kind=MessageKind.METER,
        pod=pod,
        message=MeterChanged(
            **head(pod, uuid.uuid4(), contract_number=item.contract.number),
            changed_on=day,
            removed_serial=payload["removed"],
            installed_serial=payload["installed"],
            final_values=_values(pod, payload["removed"], day, ReadingReason.REMOVAL),
            initial_values=_values(pod, payload["installed"], day, ReadingReason.INSTALLATION),
        ),
        effective_on=day,
        account_uuid=account.uuid,
        segment=account.segment,
    )


def tell_reading(payload: Mapping[str, Any]) -> None:
    """Tell what a meter showed that a customer or one of us has read, where we supply."""
    report = (
        ReadingReport.objects.filter(uuid=payload["subject_uuid"])
        .prefetch_related("values__register")
        .first()
    )
    # What a changed meter shows is told with its change.
    if report is None or report.new_serial_number:
        return
    pod, item = _supplied(payload["pod_uuid"], report.read_on)
    values = tuple(
        RegisterValue(code=one.register.code, value=one.value, unit=one.register.unit)
        for one in report.values.all()
    )
    if item is None or not values:
        return
    account = item.contract.account
    tell(
        kind=MessageKind.READING,
        pod=pod,
        message=ReadingSubmitted(
            **head(pod, uuid.uuid4(), contract_number=item.contract.number),
            read_on=report.read_on,
            serial=report.serial_number,
            values=values,
        ),
        effective_on=report.read_on,
        account_uuid=account.uuid,
        segment=account.segment,
    )


def _supplied(pod_uuid: str, day: dt.date) -> tuple[PointOfDelivery, ContractItem | None]:
    pod = PointOfDelivery.objects.select_related("premise__connection_object").get(uuid=pod_uuid)
    return pod, supplies_now(pod.pk, day)


def _values(
    pod: PointOfDelivery, serial: str, day: dt.date, reason: str
) -> tuple[RegisterValue, ...]:
    """Return what a meter showed on the day of the change, as far as it was read."""
    meter: Meter | None = next(
        (one for one in meter_history(pod) if one.serial_number == serial), None
    )
    if meter is None:
        return ()
    found = []
    for register in meter.registers.all():
        read = _reading(register.readings.all(), day, reason)
        if read is not None:
            found.append(RegisterValue(code=register.code, value=read.value, unit=register.unit))
    return tuple(found)


def _reading(readings: Any, day: dt.date, reason: str) -> MeterReading | None:
    of_day = [one for one in readings if one.read_on == day and not one.is_rejected]
    fitting = [one for one in of_day if one.reason == reason]
    return next(iter(fitting or of_day), None)
