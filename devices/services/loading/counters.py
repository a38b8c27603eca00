"""Registers and readings of the ERP's devices."""

from __future__ import annotations

from collections.abc import Iterable

from devices.choices import ReadingSource
from devices.services.loading.rows import RegisterRow
from utilcrm.db.staging import Staging, new_uuid_sql, run

_COLUMNS = {
    "rate_type": "text",
    "unit": "text",
    "digits": "smallint",
    "decimals": "smallint",
    "factor": "numeric",
}


def load_counters(rows: Iterable[tuple[str, RegisterRow]]) -> None:
    """Create or update the registers of devices, each with its device's ERP number."""
    found = {(number, register.code): register for number, register in rows}
    registers = Staging("stage_counter", {"erp_number": "text", "code": "text"} | _COLUMNS)
    registers.fill(
        (
            number,
            code,
            register.rate_type,
            register.unit,
            register.digits,
            register.decimals,
            register.factor,
        )
        for (number, code), register in found.items()
    )
    run(
        f"""
        INSERT INTO devices_register
          (uuid, device_id, code, {", ".join(_COLUMNS)}, created_at, updated_at)
        SELECT {new_uuid_sql()}, d.id, s.code, {", ".join(f"s.{name}" for name in _COLUMNS)},
          now(), now()
        FROM pg_temp.stage_counter s
        JOIN devices_device d ON d.erp_number = s.erp_number AND d.erp_number <> ''
        ON CONFLICT (device_id, code) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}, updated_at = now()
        WHERE ({", ".join(f"devices_register.{name}" for name in _COLUMNS)})
          IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS)})
        """  # noqa: S608
    )
    _load_readings(found)


def _load_readings(registers: dict[tuple[str, str], RegisterRow]) -> None:
    staging = Staging(
        "stage_count",
        {
            "erp_number": "text",
            "code": "text",
            "read_on": "date",
            "value": "numeric",
            "reason": "text",
            "source": "text",
            "status": "text",
        },
    )
    staging.fill(
        (number, code, *line)
        for (number, code), register in registers.items()
        for line in {
            (one.read_on, one.reason): (
                one.read_on,
                one.value,
                str(one.reason),
                str(one.source),
                str(one.status),
            )
            for one in register.readings
        }.values()
    )
    run(
        f"""
        INSERT INTO devices_meterreading
          (uuid, register_id, read_on, value, reason, source, status, created_at, updated_at)
        SELECT {new_uuid_sql()}, g.id, s.read_on, s.value, s.reason, s.source, s.status,
          now(), now()
        FROM pg_temp.stage_count s
        JOIN devices_device d ON d.erp_number = s.erp_number AND d.erp_number <> ''
        JOIN devices_register g ON g.device_id = d.id AND g.code = s.code
        ON CONFLICT (register_id, read_on, reason) DO UPDATE
        SET value = excluded.value, updated_at = now()
        WHERE devices_meterreading.source = '{ReadingSource.ERP}'
          AND devices_meterreading.value <> excluded.value
        """  # noqa: S608
    )
