"""Device info records that are not here yet, with their registers and readings."""

from __future__ import annotations

from collections.abc import Mapping

from devices.choices import RecordSource
from devices.services.loading.rows import DeviceInfoRow
from utilcrm.db.copying import RECORD, copy_into, draw_keys, heads

COLUMNS = {"serial_number": "text", "rate": "text", "valid_from": "date", "valid_to": "date"}
_REGISTER = {
    "device_info_record_id": "bigint",
    "code": "text",
    "rate_type": "text",
    "unit": "text",
    "digits": "smallint",
    "decimals": "smallint",
    "factor": "numeric",
}
_READING = {
    "register_id": "bigint",
    "read_on": "date",
    "value": "numeric",
    "reason": "text",
    "source": "text",
    "status": "text",
}


def copy_records(new: Mapping[str, tuple[int, DeviceInfoRow]]) -> None:
    """Copy records, given by ERP number with the key of their point of delivery."""
    table = "devices_deviceinforecord"
    keys = draw_keys(table, len(new))
    copy_into(
        table,
        RECORD | {"source": "text", "erp_number": "text", "pod_id": "bigint"} | COLUMNS,
        (
            (
                *head,
                RecordSource.ERP.value,
                number,
                pod_id,
                row.serial_number,
                row.rate,
                row.valid_from,
                row.valid_to,
            )
            for head, (number, (pod_id, row)) in zip(heads(keys), new.items(), strict=True)
        ),
    )
    _copy_registers({key: row for key, (_pod_id, row) in zip(keys, new.values(), strict=True)})


def _copy_registers(records: Mapping[int, DeviceInfoRow]) -> None:
    registers = {
        (key, register.code): register for key, row in records.items() for register in row.registers
    }
    table = "devices_register"
    keys = dict(zip(registers, draw_keys(table, len(registers)), strict=True))
    copy_into(
        table,
        RECORD | _REGISTER,
        (
            (
                *head,
                *place,
                register.rate_type,
                register.unit,
                register.digits,
                register.decimals,
                register.factor,
            )
            for head, (place, register) in zip(
                heads(list(keys.values())), registers.items(), strict=True
            )
        ),
    )
    readings = [
        (
            keys[key, register.code],
            reading.read_on,
            reading.value,
            str(reading.reason),
            str(reading.source),
            str(reading.status),
        )
        for key, row in records.items()
        for register in row.registers
        for reading in register.readings
    ]
    table = "devices_meterreading"
    copy_into(
        table,
        RECORD | _READING,
        (
            (*head, *line)
            for head, line in zip(heads(draw_keys(table, len(readings))), readings, strict=True)
        ),
    )
