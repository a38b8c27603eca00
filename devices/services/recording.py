"""Record a meter's billing facts and readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from access.models import User
from devices.choices import (
    Rate,
    RateType,
    ReadingReason,
    ReadingSource,
    ReadingStatus,
    RecordSource,
    Unit,
)
from devices.models import DeviceInfoRecord, MeterReading, Register
from devices.services.indexing import index_meters
from events.services import recording
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed

SERIAL_NUMBER_LENGTH = 18
RATE_TYPES: dict[str, frozenset[str]] = {
    Rate.SINGLE: frozenset({RateType.ALL_DAY}),
    Rate.DOUBLE: frozenset({RateType.DAY, RateType.NIGHT}),
}


class MeterDataNotAllowed(Exception):
    """The tenant installs devices itself: nobody types a meter's data here."""


class InvalidMeter(ValueError):
    """A meter's facts contradict each other; `field` says where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class RegisterInput:
    """One counter as read off the meter; `reading` is what it showed on the record's first day."""

    code: str
    rate_type: str
    unit: str = Unit.KWH
    digits: int = 5
    decimals: int = 0
    factor: Decimal = Decimal(1)
    reading: Decimal | None = None


def check_registers(rate: str, registers: Sequence[RegisterInput]) -> None:
    """
    Refuse registers that do not make a meter of this rate.

    :raises InvalidMeter: with the register's fault
    """
    wanted = RATE_TYPES[rate]
    given = [register.rate_type for register in registers]
    if set(given) != wanted or len(given) != len(wanted):
        raise InvalidMeter(
            "rate",
            _("A meter with one rate has one register; with day and night it has two."),
        )
    if len({register.code for register in registers}) != len(registers):
        raise InvalidMeter("code", _("Two registers of a meter cannot have the same number."))
    for register in registers:
        if register.reading is not None:
            check_reading(register.reading, digits=register.digits, decimals=register.decimals)


def check_reading(value: Decimal, *, digits: int, decimals: int) -> None:
    """
    Refuse a reading that the register cannot show.

    :raises InvalidMeter: if it is negative, too long, or has too many decimal places
    """
    if value < 0:
        raise InvalidMeter("reading", _("A reading is not negative."))
    if value >= Decimal(10) ** digits:
        raise InvalidMeter(
            "reading",
            _("This register has %(digits)s digits before the point; the reading has more.")
            % {"digits": digits},
        )
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise InvalidMeter(
            "reading",
            _("This register shows %(decimals)s decimal places; the reading has more.")
            % {"decimals": decimals},
        )


@transaction.atomic
def record_device_info(
    *,
    pod: PointOfDelivery,
    serial_number: str,
    rate: str,
    registers: Sequence[RegisterInput],
    valid_from: dt.date,
    source: str = RecordSource.CRM,
    reading_source: str = ReadingSource.CUSTOMER,
    actor: User | None,
) -> DeviceInfoRecord:
    """
    Record a meter at a point of delivery from a day on; another meter's record ends on that day.

    :raises MeterDataNotAllowed: if the tenant manages devices
    :raises InvalidMeter: if the facts contradict each other
    """
    if not typed_meter_data_allowed(current_profile()):
        raise MeterDataNotAllowed(_("Meters are installed by the device department."))
    serial = "".join(serial_number.split()).upper()
    if not serial or len(serial) > SERIAL_NUMBER_LENGTH:
        raise InvalidMeter("serial_number", _("A meter number has 1 to 18 characters."))
    check_registers(rate, registers)
    PointOfDelivery.objects.select_for_update().get(pk=pod.pk)
    at_pod = DeviceInfoRecord.objects.filter(pod=pod)
    if at_pod.filter(valid_from__gte=valid_from).exists():
        raise InvalidMeter(
            "valid_from", _("A meter is recorded here already on or after this day.")
        )
    at_pod.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(valid_to=valid_from)
    record = DeviceInfoRecord.objects.create(
        pod=pod, serial_number=serial, rate=rate, valid_from=valid_from, source=source
    )
    for one in registers:
        register = Register.objects.create(
            device_info_record=record,
            code=one.code,
            rate_type=one.rate_type,
            unit=one.unit,
            digits=one.digits,
            decimals=one.decimals,
            factor=one.factor,
        )
        if one.reading is not None:
            MeterReading.objects.create(
                register=register,
                read_on=valid_from,
                value=one.reading,
                reason=ReadingReason.MOVE_IN,
                source=reading_source,
                status=ReadingStatus.PLAUSIBLE,
            )
    index_meters(pod.premise)
    recording.record(
        "devices.device_info_record.created",
        subject=record,
        actor=actor,
        payload={"pod": pod.external_id, "serial_number": serial, "rate": rate},
    )
    return record
