"""Readings that the network operator has taken and the market brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from devices.choices import ReadingReason, ReadingSource, ReadingStatus
from devices.models import MeterReading
from devices.queries import Meter, meter_history
from devices.services.recording import InvalidMeter, check_reading
from events.services import recording
from premises.models import PointOfDelivery


class MeasuredValuesRefused(Exception):
    """What was measured does not fit a meter that is known here; the text says what."""


@transaction.atomic
def record_measured(
    *, pod: PointOfDelivery, serial: str, read_on: dt.date, values: Iterable[tuple[str, Decimal]]
) -> int:
    """
    Write down what the network operator read at a meter on a local day.

    The same twice changes nothing; another value for the same day takes the place of the former.

    :param values: by the register's code; a meter of one register is found without one
    :return: how many readings were new or changed
    :raises MeasuredValuesRefused: if meter or register is not known here, or cannot show a value
    """
    meter = _meter(pod, serial)
    registers = {one.code: one for one in meter.registers.all()}
    written = 0
    for code, value in values:
        register = registers.get(code)
        if register is None and len(registers) == 1:
            register = next(iter(registers.values()))
        if register is None:
            text = _("Meter %(meter)s has no register %(code)s.")
            raise MeasuredValuesRefused(text % {"meter": meter.serial_number, "code": code})
        try:
            check_reading(value, digits=register.digits, decimals=register.decimals)
        except InvalidMeter as exc:
            raise MeasuredValuesRefused(str(exc)) from exc
        _reading, created = MeterReading.objects.update_or_create(
            register=register,
            read_on=read_on,
            reason=ReadingReason.PERIODIC,
            defaults={
                "value": value,
                "source": ReadingSource.DISTRIBUTOR,
                "status": ReadingStatus.PLAUSIBLE,
            },
        )
        written += created
    recording.record(
        "devices.reading.measured",
        subject=pod,
        payload={"pod_uuid": str(pod.uuid), "pod": pod.external_id, "read_on": read_on.isoformat()},
    )
    return written


def _meter(pod: PointOfDelivery, serial: str) -> Meter:
    known = meter_history(pod)
    found = next((one for one in known if one.serial_number == serial), None)
    if found is None:
        raise MeasuredValuesRefused(
            _("Meter %(meter)s is not known at %(point)s.")
            % {"meter": serial or "–", "point": pod.external_id}
        )
    return found
