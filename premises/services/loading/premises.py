"""Premises of the ERP."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from access.choices import SegmentCode
from premises.choices import PremiseKind
from utilcrm.db.copying import RECORD, copied, copy_into, draw_keys, heads, keys_of, unknown
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, upsert

_SEGMENTS = frozenset(SegmentCode.values)
_KINDS = frozenset(PremiseKind.values)
_COLUMNS = {"flat": "text", "floor": "text", "kind": "text"}


@dataclass(frozen=True, slots=True)
class PremiseRow:
    """
    A premise as the ERP has it; `connection_object_erp_number` is its building.

    `segment` is that of the customer who is supplied there; of a premise that is here already it
    says nothing: `load_occupancy` does.
    """

    erp_number: str
    connection_object_erp_number: str
    kind: str = PremiseKind.HOUSEHOLD
    flat: str = ""
    floor: str = ""
    segment: str | None = None
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_premises(rows: Iterable[PremiseRow]) -> Loaded:
    """Create or update premises; who lives in those that are here is for `load_occupancy`."""
    rejects: list[Reject] = []
    staged: dict[str, PremiseRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    buildings = keys_of(
        "premises_connectionobject",
        "erp_number",
        {row.connection_object_erp_number for row in staged.values()},
    )
    new = {
        number: (buildings[row.connection_object_erp_number], row)
        for number, row in unknown("premises_premise", staged).items()
        if row.connection_object_erp_number in buildings
    }
    if new and copied(lambda: _copy(new)):
        loaded = Loaded(len(new), 0, rejects)
        known = [row for number, row in staged.items() if number not in new]
        return loaded.plus(_take_over(known)) if known else loaded
    return _take_over(list(staged.values())).with_rejects(rejects)


def _copy(new: Mapping[str, tuple[int, PremiseRow]]) -> None:
    """Copy premises that are not here, each with its building's key."""
    target = "premises_premise"
    copy_into(
        target,
        RECORD
        | {"erp_number": "text", "connection_object_id": "bigint", "segment": "varchar"}
        | _COLUMNS,
        (
            (*head, number, building_id, _segment(row), row.flat, row.floor, row.kind)
            for head, (number, (building_id, row)) in zip(
                heads(draw_keys(target, len(new))), new.items(), strict=True
            )
        ),
    )


def _segment(row: PremiseRow) -> str | None:
    return row.segment if row.segment in _SEGMENTS else None


def _take_over(rows: Sequence[PremiseRow]) -> Loaded:
    """Let premises be what the ERP tells of them, whatever is here."""
    staging = Staging(
        "stage_premise",
        {"erp_number": "text", "external_reference": "uuid", "parent": "text"} | _COLUMNS,
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.connection_object_erp_number,
            row.flat,
            row.floor,
            row.kind,
        )
        for row in rows
    )
    rejects = _without_building()
    target = "premises_premise"
    source = (
        "(SELECT s.*, c.id AS connection_object_id FROM pg_temp.stage_premise s "
        "JOIN premises_connectionobject c ON c.erp_number = s.parent AND c.erp_number <> '')"
    )
    adopt(table=target, source=source, key="erp_number")
    loaded = upsert(
        table=target,
        source=source,
        key="erp_number",
        columns=["connection_object_id", *_COLUMNS],
        on_insert={},
    )
    return loaded.with_rejects(rejects)


def _fault(row: PremiseRow) -> tuple[str, str] | None:
    if not row.erp_number:
        return "NUMBER_MISSING", _("The ERP sent no number.")
    if len(row.erp_number) > 10 or len(row.flat) > 35 or len(row.floor) > 35:
        return "TOO_LONG", _("A number, flat or floor is too long.")
    if row.kind not in _KINDS:
        return "KIND_UNKNOWN", _("“%(kind)s” is no kind of premise.") % {"kind": row.kind}
    return None


def _without_building() -> list[Reject]:
    rows = fetch(
        "SELECT s.erp_number, s.parent FROM pg_temp.stage_premise s WHERE NOT EXISTS "
        "(SELECT FROM premises_connectionobject c WHERE c.erp_number = s.parent"
        " AND c.erp_number <> '') ORDER BY 1"
    )
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its connection object %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]
