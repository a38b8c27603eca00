"""Device info records of the ERP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from devices.choices import Rate, RateType, ReadingSource, RecordSource, Unit
from devices.services.loading.copying import COLUMNS, copy_records
from devices.services.loading.rows import DeviceInfoRow, RegisterRow
from utilcrm.db.copying import copied, keys_of, unknown
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, new_uuid_sql, run, upsert

_RATES = frozenset(Rate.values)
_RATE_TYPES = frozenset(RateType.values)
_UNITS = frozenset(Unit.values)


@transaction.atomic
def load_device_info_records(rows: Iterable[DeviceInfoRow]) -> Loaded:
    """
    Create or update device info records with their registers.

    Readings are added, and those corrected that the ERP sent before.
    """
    rejects: list[Reject] = []
    staged: dict[str, DeviceInfoRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    pods = keys_of(
        "premises_pointofdelivery", "external_id", {row.pod_external_id for row in staged.values()}
    )
    new = {
        number: (pods[row.pod_external_id], row)
        for number, row in unknown("devices_deviceinforecord", staged).items()
        if row.pod_external_id in pods
    }
    if new and copied(lambda: copy_records(new)):
        loaded = Loaded(len(new), 0, rejects)
        known = [row for number, row in staged.items() if number not in new]
        return loaded.plus(_take_over(known)) if known else loaded
    return _take_over(list(staged.values())).with_rejects(rejects)


def _take_over(rows: Sequence[DeviceInfoRow]) -> Loaded:
    """Let records be what the ERP tells of them, whatever is here."""
    staging = Staging(
        "stage_dir",
        {"erp_number": "text", "external_reference": "uuid", "parent": "text"} | COLUMNS,
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.pod_external_id,
            row.serial_number,
            row.rate,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    )
    rejects = _without_pod()
    rejects += _standing_twice()
    target = "devices_deviceinforecord"
    source = (
        "(SELECT s.*, d.id AS pod_id FROM pg_temp.stage_dir s "
        "JOIN premises_pointofdelivery d ON d.external_id = s.parent)"
    )
    adopt(table=target, source=source, key="erp_number")
    loaded = upsert(
        table=target,
        source=source,
        key="erp_number",
        columns=["pod_id", *COLUMNS],
        on_insert={"source": f"'{RecordSource.ERP}'"},
    )
    _load_registers(rows)
    _load_readings(rows)
    return loaded.with_rejects(rejects)


def _fault(row: DeviceInfoRow) -> tuple[str, str] | None:
    if not row.erp_number or len(row.erp_number) > 18:
        return "NUMBER_MISSING", _("The ERP's number has not 1 to 18 characters.")
    if not row.serial_number or len(row.serial_number) > 18:
        return "TOO_LONG", _("A meter number has 1 to 18 characters.")
    if row.rate not in _RATES:
        return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {"code": row.rate}
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        return "RANGE_EMPTY", _("It ends before it starts.")
    for register in row.registers:
        fault = register_fault(register)
        if fault:
            return fault
    return None


def register_fault(register: RegisterRow) -> tuple[str, str] | None:
    """Return the code and the reason why a register cannot be right, or None."""
    if len(register.code) > 3:
        return "TOO_LONG", _("A register has a number of at most 3 characters.")
    if register.rate_type not in _RATE_TYPES or register.unit not in _UNITS:
        return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {
            "code": f"{register.rate_type}/{register.unit}"
        }
    if not 1 <= register.digits <= 12 or not 0 <= register.decimals <= 6 or register.factor <= 0:
        return "REGISTER_IMPOSSIBLE", _("Digits, decimals or factor of a register are impossible.")
    if any(reading.value < 0 for reading in register.readings):
        return "READING_NEGATIVE", _("A reading is not negative.")
    return None


def _without_pod() -> list[Reject]:
    rows = fetch(
        "SELECT s.erp_number, s.parent FROM pg_temp.stage_dir s WHERE NOT EXISTS "
        "(SELECT FROM premises_pointofdelivery d WHERE d.external_id = s.parent) ORDER BY 1"
    )
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its point of delivery %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]


def _standing_twice() -> list[Reject]:
    """
    Take out records of a meter that another record has at the same place and time.

    Few stand at a place, and are found by it. Conditions that the index of times knows would lead
    the planner to ask that one, whose cost it underrates: a hundred times as long.
    """
    rows = fetch(
        """
        DELETE FROM pg_temp.stage_dir s
        WHERE s.erp_number IN (
          SELECT n.erp_number FROM pg_temp.stage_dir n
          JOIN premises_pointofdelivery d ON d.external_id = n.parent
          JOIN devices_deviceinforecord r ON r.pod_id = ANY(ARRAY[d.id])
            AND r.serial_number || '' = n.serial_number
          WHERE r.erp_number <> n.erp_number AND r.uuid IS DISTINCT FROM n.external_reference
            AND NOT isempty(
              daterange(r.valid_from, r.valid_to) * daterange(n.valid_from, n.valid_to))
          UNION ALL
          SELECT n.erp_number FROM pg_temp.stage_dir n
          JOIN pg_temp.stage_dir o ON o.parent = n.parent AND o.serial_number = n.serial_number
          WHERE o.erp_number < n.erp_number
            AND daterange(o.valid_from, o.valid_to) && daterange(n.valid_from, n.valid_to)
        )
        RETURNING s.erp_number, s.serial_number
        """
    )
    return [
        Reject(
            erp_number,
            "METER_TWICE",
            _("Meter %(number)s stands there already at that time.") % {"number": serial_number},
        )
        for erp_number, serial_number in rows
    ]


def _load_registers(rows: Iterable[DeviceInfoRow]) -> None:
    staging = Staging(
        "stage_register",
        {
            "erp_number": "text",
            "code": "text",
            "rate_type": "text",
            "unit": "text",
            "digits": "smallint",
            "decimals": "smallint",
            "factor": "numeric",
        },
    )
    staging.fill(_register_lines(rows))
    columns = ("rate_type", "unit", "digits", "decimals", "factor")
    run(
        f"""
        INSERT INTO devices_register
          (uuid, device_info_record_id, code, {", ".join(columns)}, created_at, updated_at)
        SELECT {new_uuid_sql()}, r.id, s.code, {", ".join(f"s.{name}" for name in columns)},
          now(), now()
        FROM pg_temp.stage_register s
        JOIN devices_deviceinforecord r ON r.erp_number = s.erp_number AND r.erp_number <> ''
        ON CONFLICT (device_info_record_id, code) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in columns)}, updated_at = now()
        WHERE ({", ".join(f"devices_register.{name}" for name in columns)})
          IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in columns)})
        """  # noqa: S608
    )


def _register_lines(rows: Iterable[DeviceInfoRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        for code, register in {one.code: one for one in row.registers}.items():
            yield (
                row.erp_number,
                code,
                register.rate_type,
                register.unit,
                register.digits,
                register.decimals,
                register.factor,
            )


def _load_readings(rows: Iterable[DeviceInfoRow]) -> None:
    staging = Staging(
        "stage_reading",
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
        {
            (row.erp_number, register.code, reading.read_on, reading.reason): (
                row.erp_number,
                register.code,
                reading.read_on,
                reading.value,
                str(reading.reason),
                str(reading.source),
                str(reading.status),
            )
            for row in rows
            for register in row.registers
            for reading in register.readings
        }.values()
    )
    run(
        f"""
        INSERT INTO devices_meterreading
          (uuid, register_id, read_on, value, reason, source, status, created_at, updated_at)
        SELECT {new_uuid_sql()}, g.id, s.read_on, s.value, s.reason, s.source, s.status,
          now(), now()
        FROM pg_temp.stage_reading s
        JOIN devices_deviceinforecord r ON r.erp_number = s.erp_number AND r.erp_number <> ''
        JOIN devices_register g ON g.device_info_record_id = r.id AND g.code = s.code
        ON CONFLICT (register_id, read_on, reason) DO UPDATE
        SET value = excluded.value, updated_at = now()
        WHERE devices_meterreading.source = '{ReadingSource.ERP}'
          AND devices_meterreading.value <> excluded.value
        """  # noqa: S608
    )
