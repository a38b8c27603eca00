"""Connection objects of the ERP."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from utilcrm.db.copying import RECORD, copied, copy_into, draw_keys, heads, unknown
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
    new = unknown("premises_connectionobject", staged)
    if new and copied(lambda: _copy(new)):
        loaded = Loaded(len(new), 0, rejects)
        known = [row for number, row in staged.items() if number not in new]
        return loaded.plus(_take_over(known)) if known else loaded
    return _take_over(list(staged.values())).with_rejects(rejects)


def _copy(new: Mapping[str, ConnectionObjectRow]) -> None:
    """Copy buildings that are not here."""
    target = "premises_connectionobject"
    copy_into(
        target,
        RECORD | {"erp_number": "text"} | _COLUMNS,
        (
            (*head, number, *_values(row))
            for head, (number, row) in zip(
                heads(draw_keys(target, len(new))), new.items(), strict=True
            )
        ),
    )


def _values(row: ConnectionObjectRow) -> tuple[str, ...]:
    return (
        row.street,
        row.house_number,
        row.postcode,
        row.town,
        row.country,
        match_key(row.postcode, row.street, row.house_number)[:120],
    )


def _take_over(rows: Sequence[ConnectionObjectRow]) -> Loaded:
    """Let buildings be what the ERP tells of them, whatever is here."""
    staging = Staging(
        "stage_building", {"erp_number": "text", "external_reference": "uuid"} | _COLUMNS
    )
    staging.fill((row.erp_number, row.external_reference, *_values(row)) for row in rows)
    target, source = "premises_connectionobject", "pg_temp.stage_building"
    adopt(table=target, source=source, key="erp_number")
    return upsert(
        table=target, source=source, key="erp_number", columns=list(_COLUMNS), on_insert={}
    )


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
