"""Devices of the ERP, with where they hang, their registers and readings."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from devices.choices import Rate
from devices.services.loading.counters import load_counters
from devices.services.loading.info_records import register_fault
from devices.services.loading.placements import (
    PlacementRow,
    load_placements,
    merged,
    stage_placements,
)
from devices.services.loading.rows import RegisterRow
from premises.choices import Division
from utilcrm.db.staging import Loaded, Reject, Staging, fetch, run, upsert

_RATES = frozenset(Rate.values)
_DIVISIONS = frozenset(Division.values)
_COLUMNS = {
    "serial_number": "text",
    "division": "text",
    "rate": "text",
    "material": "text",
    "manufacturer": "text",
    "certified_until": "date",
}


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device as the ERP has it, with every place at which it hung or hangs."""

    erp_number: str
    serial_number: str
    division: str
    rate: str
    material: str = ""
    manufacturer: str = ""
    certified_until: dt.date | None = None
    placements: tuple[PlacementRow, ...] = ()
    registers: tuple[RegisterRow, ...] = ()
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_devices(rows: Iterable[DeviceRow]) -> Loaded:
    """
    Create or update devices with registers and places; readings are added, and those corrected
    that the ERP sent before.

    A device at an unknown point of delivery is rejected as a whole. One whose place is taken is
    loaded without that place, and rejected all the same, so that somebody sees it.
    """
    rejects: list[Reject] = []
    staged: dict[str, DeviceRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    staging = Staging(
        "stage_device", {"erp_number": "text", "external_reference": "uuid"} | _COLUMNS
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.serial_number,
            row.division,
            row.rate,
            row.material,
            row.manufacturer,
            row.certified_until,
        )
        for row in staged.values()
    )
    stage_placements(
        (row.erp_number, placement)
        for row in staged.values()
        for placement in merged(row.placements)
    )
    rejects += _without_pod()
    loaded = upsert(
        table="devices_device",
        source="pg_temp.stage_device",
        key="erp_number",
        columns=list(_COLUMNS),
        on_insert={},
    )
    moved, taken = load_placements()
    gone = {reject.key for reject in rejects}
    load_counters(
        (row.erp_number, register)
        for row in staged.values()
        if row.erp_number not in gone
        for register in row.registers
    )
    return Loaded(loaded.created, max(loaded.updated, moved), loaded.rejects).with_rejects(
        [*rejects, *taken]
    )


def _fault(row: DeviceRow) -> tuple[str, str] | None:
    if not row.erp_number or len(row.erp_number) > 18:
        return "NUMBER_MISSING", _("The ERP's number has not 1 to 18 characters.")
    if not row.serial_number or len(row.serial_number) > 18:
        return "TOO_LONG", _("A meter number has 1 to 18 characters.")
    if len(row.material) > 40 or len(row.manufacturer) > 40:
        return "TOO_LONG", _("Material and manufacturer have at most 40 characters.")
    if row.rate not in _RATES or row.division not in _DIVISIONS:
        return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {
            "code": f"{row.division}/{row.rate}"
        }
    return _part_fault(row)


def _part_fault(row: DeviceRow) -> tuple[str, str] | None:
    if not all(placement.is_possible for placement in row.placements):
        return "RANGE_EMPTY", _("It ends before it starts.")
    faults = (register_fault(register) for register in row.registers)
    return next((fault for fault in faults if fault), None)


def _without_pod() -> list[Reject]:
    """Take out devices that hang, or hung, at a point of delivery that is not here."""
    rows = fetch(
        """
        SELECT DISTINCT ON (p.erp_number) p.erp_number, p.parent FROM pg_temp.stage_placement p
        WHERE p.parent = ''
          OR NOT EXISTS (SELECT FROM premises_pointofdelivery d WHERE d.erp_number = p.parent
              AND d.erp_number <> '')
        ORDER BY p.erp_number, p.technical_from
        """
    )
    numbers = [erp_number for erp_number, _parent in rows]
    for table in ("stage_placement", "stage_device"):
        run(f"DELETE FROM pg_temp.{table} WHERE erp_number = ANY(%s)", [numbers])  # noqa: S608
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its point of delivery %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]
