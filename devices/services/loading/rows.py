"""What the ERP tells of a meter."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from devices.choices import ReadingReason, ReadingSource, ReadingStatus, Unit


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """What a register showed on a day."""

    read_on: dt.date
    value: Decimal
    reason: str = ReadingReason.PERIODIC
    source: str = ReadingSource.ERP
    status: str = ReadingStatus.PLAUSIBLE


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A counter of a meter, with the readings that the ERP sends along."""

    code: str
    rate_type: str
    unit: str = Unit.KWH
    digits: int = 5
    decimals: int = 0
    factor: Decimal = Decimal(1)
    readings: tuple[ReadingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceInfoRow:
    """A device info record as the ERP has it; `pod_external_id` is in the stored form."""

    erp_number: str
    pod_external_id: str
    serial_number: str
    rate: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    registers: tuple[RegisterRow, ...] = ()
    external_reference: uuid.UUID | None = None
