"""Connection objects of the ERP."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from utilcrm.db.staging import Loaded, Reject, Staging, adopt, upsert
from utilcrm.identifiers.addresses import match_key

_COLUMNS = {
    "street": "text",
    "house_number": "text",
    "postcode": "text",
    "town": "text",
    "country": "text",
    "match_key": "text",
}
_WIDTHS = {
    "erp_number": 10,
    "street": 80,
    "house_number": 10,
    "postcode": 10,
    "town": 60,
    "country": 2,
}

_limited = attrgetter(*_WIDTHS)


@dataclass(frozen=True, slots=True)
class ConnectionObjectRow:
    """A building as the ERP has it."""

    erp_number: str
    street: str
    house_number: str
    postcode: str
    town: str
    country: str
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_connection_objects(rows: Iterable[ConnectionObjectRow]) -> Loaded:
    """Create or update buildings."""
    rejects: list[Reject] = []
    staged: dict[str, ConnectionObjectRow] = {}
    for row in rows:
        fault = _fault(row)
        if fault:
            rejects.append(Reject(row.erp_number, *fault))
        else:
            staged[row.erp_number] = row
    staging = Staging(
        "stage_building", {"erp_number": "text", "external_reference": "uuid"} | _COLUMNS
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.street,
            row.house_number,
            row.postcode,
            row.town,
            row.country,
            match_key(row.postcode, row.street, row.house_number)[:120],
        )
        for row in staged.values()
    )
    target, source = "premises_connectionobject", "pg_temp.stage_building"
    adopt(table=target, source=source, key="erp_number")
    loaded = upsert(
        table=target, source=source, key="erp_number", columns=list(_COLUMNS), on_insert={}
    )
    return loaded.with_rejects(rejects)


def _fault(row: ConnectionObjectRow) -> tuple[str, str] | None:
    if not row.erp_number:
        return "NUMBER_MISSING", _("The ERP sent no number.")
    for name, value in zip(_WIDTHS, _limited(row), strict=True):
        if len(value) > _WIDTHS[name]:
            return "TOO_LONG", _("%(field)s has more than %(width)s characters.") % {
                "field": name,
                "width": _WIDTHS[name],
            }
    if not row.street or not row.town:
        return "ADDRESS_INCOMPLETE", _("Street or town is missing.")
    return None
