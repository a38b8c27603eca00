"""Where the ERP's devices hang: what it says now takes the place of what was here before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from utilcrm.db.staging import Reject, Staging, fetch, new_uuid_sql, run

_DAYS = ("technical_from", "technical_to", "billing_from", "billing_to")
_SAME = " AND ".join(
    f"t.{name} IS NOT DISTINCT FROM p.{name}" for name in ("logical_number", *_DAYS)
)


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A device at a point of delivery, named by its ERP number, in half-open days."""

    pod_erp_number: str
    logical_number: str
    technical_from: dt.date
    technical_to: dt.date | None = None
    billing_from: dt.date | None = None
    billing_to: dt.date | None = None

    @property
    def is_possible(self) -> bool:
        """Whether its days follow each other, and billing lies within the technical time."""
        last = dt.date.max
        technical_to, billing_to = self.technical_to or last, self.billing_to or last
        if technical_to <= self.technical_from:
            return False
        if self.billing_from is None:
            return self.billing_to is None
        return self.technical_from <= self.billing_from < billing_to <= technical_to


def merged(rows: Iterable[PlacementRow]) -> list[PlacementRow]:
    """
    Return each place once, however many installations are billed by what hangs there.

    The ERP bills a device in each installation for a time of its own; here it is billed as long as
    it is in any of them.
    """
    found: dict[tuple[str, str, dt.date, dt.date | None], PlacementRow] = {}
    for row in rows:
        key = (row.pod_erp_number, row.logical_number, row.technical_from, row.technical_to)
        other = found.get(key)
        found[key] = row if other is None else _billed_in_both(other, row)
    return list(found.values())


def _billed_in_both(one: PlacementRow, other: PlacementRow) -> PlacementRow:
    if one.billing_from is None or other.billing_from is None:
        return one if other.billing_from is None else other
    ends = (one.billing_to, other.billing_to)
    return replace(
        one,
        billing_from=min(one.billing_from, other.billing_from),
        billing_to=None if None in ends else max(end for end in ends if end is not None),
    )


def stage_placements(rows: Iterable[tuple[str, PlacementRow]]) -> None:
    """Bring the places of devices, each with the device's ERP number, into a temporary table."""
    staging = Staging(
        "stage_placement",
        {"erp_number": "text", "parent": "text", "logical_number": "text"}
        | dict.fromkeys(_DAYS, "date"),
    )
    staging.fill(
        (
            erp_number,
            row.pod_erp_number,
            row.logical_number,
            row.technical_from,
            row.technical_to,
            row.billing_from,
            row.billing_to,
        )
        for erp_number, row in rows
    )


def load_placements() -> tuple[int, list[Reject]]:
    """
    Make the places of the staged devices what was staged.

    :return: how many devices were moved, ended or begun anew, and those whose place is taken
    """
    moved = fetch(
        f"""
        DELETE FROM devices_deviceinstallation t
        USING devices_device d, pg_temp.stage_device s
        WHERE d.id = t.device_id AND s.erp_number = d.erp_number
          AND NOT EXISTS (
            SELECT FROM pg_temp.stage_placement p
            JOIN premises_pointofdelivery o ON o.erp_number = p.parent AND o.erp_number <> ''
            WHERE p.erp_number = d.erp_number AND o.id = t.pod_id AND {_SAME})
        RETURNING t.device_id
        """  # noqa: S608
    )
    run(
        f"""
        INSERT INTO devices_deviceinstallation
          (uuid, device_id, pod_id, logical_number, {", ".join(_DAYS)}, created_at, updated_at)
        SELECT {new_uuid_sql()}, d.id, o.id, p.logical_number,
          {", ".join(f"p.{name}" for name in _DAYS)}, now(), now()
        FROM pg_temp.stage_placement p
        JOIN devices_device d ON d.erp_number = p.erp_number AND d.erp_number <> ''
        JOIN premises_pointofdelivery o ON o.erp_number = p.parent AND o.erp_number <> ''
        WHERE NOT EXISTS (
          SELECT FROM devices_deviceinstallation t
          WHERE t.device_id = d.id AND t.pod_id = o.id AND {_SAME})
        ORDER BY p.technical_from
        ON CONFLICT DO NOTHING
        """  # noqa: S608
    )
    taken = fetch(
        f"""
        SELECT DISTINCT p.erp_number, p.parent FROM pg_temp.stage_placement p
        JOIN devices_device d ON d.erp_number = p.erp_number AND d.erp_number <> ''
        JOIN premises_pointofdelivery o ON o.erp_number = p.parent AND o.erp_number <> ''
        WHERE NOT EXISTS (
          SELECT FROM devices_deviceinstallation t
          WHERE t.device_id = d.id AND t.pod_id = o.id AND {_SAME})
        ORDER BY 1
        """  # noqa: S608
    )
    return len({device_id for (device_id,) in moved}), [
        Reject(
            erp_number,
            "PLACE_TAKEN",
            _("Another device hangs at point of delivery %(number)s at that time.")
            % {"number": parent},
        )
        for erp_number, parent in taken
    ]
