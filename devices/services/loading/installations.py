"""Installations of the ERP, its billing units."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.choices import ItemRole
from utilcrm.db.staging import Loaded, Reject, Staging, fetch, upsert

_ROLES = frozenset(ItemRole.values)
_COLUMNS = {"role": "text", "rate_category": "text", "valid_from": "date", "valid_to": "date"}


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """An installation as the ERP has it, at a point of delivery named by its ERP number."""

    erp_number: str
    pod_erp_number: str
    role: str
    rate_category: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_installations(rows: Iterable[InstallationRow]) -> Loaded:
    """Create or update installations."""
    rejects: list[Reject] = []
    staged: dict[str, InstallationRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    staging = Staging(
        "stage_installation",
        {"erp_number": "text", "external_reference": "uuid", "parent": "text"} | _COLUMNS,
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.pod_erp_number,
            row.role,
            row.rate_category,
            row.valid_from,
            row.valid_to,
        )
        for row in staged.values()
    )
    rejects += _without_pod()
    loaded = upsert(
        table="devices_installation",
        source=(
            "(SELECT s.*, d.id AS pod_id FROM pg_temp.stage_installation s "
            "JOIN premises_pointofdelivery d ON d.erp_number = s.parent AND d.erp_number <> '')"
        ),
        key="erp_number",
        columns=["pod_id", *_COLUMNS],
        on_insert={},
    )
    return loaded.with_rejects(rejects)


def _fault(row: InstallationRow) -> tuple[str, str] | None:
    if not row.erp_number or len(row.erp_number) > 10:
        return "NUMBER_MISSING", _("The ERP's number has not 1 to 10 characters.")
    if row.role not in _ROLES:
        return "CODE_UNKNOWN", _("The code “%(code)s” is not known.") % {"code": row.role}
    if len(row.rate_category) > 10:
        return "TOO_LONG", _("A rate category has at most 10 characters.")
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        return "RANGE_EMPTY", _("It ends before it starts.")
    return None


def _without_pod() -> list[Reject]:
    rows = fetch(
        "SELECT s.erp_number, s.parent FROM pg_temp.stage_installation s WHERE s.parent = '' "
        "OR NOT EXISTS (SELECT FROM premises_pointofdelivery d WHERE d.erp_number = s.parent"
        " AND d.erp_number <> '') "
        "ORDER BY 1"
    )
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its point of delivery %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]
