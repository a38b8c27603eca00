"""Whose customers live where: told by the contracts of the ERP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from access.choices import SegmentCode
from utilcrm.db.staging import Loaded, Reject, Staging, fetch, run


@dataclass(frozen=True, slots=True)
class OccupancyRow:
    """A premise is supplied to a customer of a segment; null or empty means vacant."""

    premise_erp_number: str
    segment: str | None


@transaction.atomic
def load_occupancy(rows: Iterable[OccupancyRow]) -> Loaded:
    """Set who may see the premises; premises that are not here are rejected."""
    rejects: list[Reject] = []
    staged: dict[str, str | None] = {}
    for row in rows:
        if row.segment and row.segment not in SegmentCode.values:
            reason = _("“%(code)s” is no customer segment.") % {"code": row.segment}
            rejects.append(Reject(row.premise_erp_number, "SEGMENT_UNKNOWN", reason))
        else:
            staged[row.premise_erp_number] = row.segment or None
    here = fetch(
        "SELECT erp_number, segment FROM premises_premise WHERE erp_number = ANY(%s)"
        " AND erp_number <> ''"
        " AND erp_number <> ''",
        [list(staged)],
    )
    for number, segment in here:
        if staged[number] == segment:
            del staged[number]
    if not staged:
        return Loaded(0, 0, rejects)
    staging = Staging("stage_occupancy", {"erp_number": "text", "segment": "text"})
    staging.fill(staged.items())
    missing = fetch(
        "SELECT s.erp_number FROM pg_temp.stage_occupancy s WHERE NOT EXISTS "
        "(SELECT FROM premises_premise p WHERE p.erp_number = s.erp_number"
        " AND p.erp_number <> '') ORDER BY 1"
    )
    rejects += [
        Reject(number, "PARENT_MISSING", _("Premise %(number)s is not here.") % {"number": number})
        for (number,) in missing
    ]
    updated = run(
        "UPDATE premises_premise p SET segment = nullif(s.segment, ''), updated_at = now() "
        "FROM pg_temp.stage_occupancy s WHERE p.erp_number = s.erp_number AND p.erp_number <> '' "
        "AND p.segment IS DISTINCT FROM nullif(s.segment, '')"
    )
    return Loaded(0, updated, rejects)
