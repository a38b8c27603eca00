"""Take over meters of another system, set by set, where the tenant types meter data itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from devices.choices import Rate, RateType, ReadingReason, ReadingSource, Unit
from devices.models import DeviceInfoRecord, MeterReading, Register
from premises.choices import Division
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm.db.copying import copy_objects


@dataclass(frozen=True)
class ImportedMeter:
    """A meter that stands at a point of delivery from a day on, up to another; readings in turn."""

    pod: PointOfDelivery
    serial_number: str
    rate: str
    digits: int
    valid_from: dt.date
    valid_to: dt.date | None
    readings: Sequence[Decimal | None] = ()

    @property
    def rate_types(self) -> tuple[str, ...]:
        """What its registers count."""
        if self.rate == Rate.DOUBLE:
            return (RateType.DAY, RateType.NIGHT)
        return (RateType.ALL_DAY,)


@transaction.atomic
def import_meters(rows: Iterable[ImportedMeter]) -> list[DeviceInfoRecord]:
    """
    Create device info records with registers and first readings; return the new ones.

    Where a meter is recorded already, whichever, nothing is done; and nothing where devices are
    the ERP's: they come down from there.
    """
    if not typed_meter_data_allowed(current_profile()):
        return []
    wanted = {row.pod.pk: row for row in rows}
    taken = set(DeviceInfoRecord.objects.filter(pod__in=wanted).values_list("pod_id", flat=True))
    new = [row for pk, row in wanted.items() if pk not in taken]
    made = copy_objects(
        DeviceInfoRecord(
            pod=row.pod,
            serial_number=row.serial_number,
            rate=row.rate,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in new
    )
    registers = copy_objects(
        Register(
            device_info_record=record,
            code=f"{position:03d}",
            rate_type=rate_type,
            unit=Unit.M3 if row.pod.division == Division.GAS else Unit.KWH,
            digits=row.digits,
            decimals=3 if any(one is not None and one % 1 for one in row.readings) else 0,
        )
        for record, row in zip(made, new, strict=True)
        for position, rate_type in enumerate(row.rate_types, start=1)
    )
    values = [
        (value, row.valid_from)
        for row in new
        for _rate_type, value in zip(row.rate_types, (*row.readings, None, None), strict=False)
    ]
    copy_objects(
        MeterReading(
            register=register,
            read_on=day,
            value=value,
            reason=ReadingReason.MOVE_IN,
            source=ReadingSource.CUSTOMER,
        )
        for register, (value, day) in zip(registers, values, strict=True)
        if value is not None
    )
    return made
