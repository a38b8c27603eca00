"""Points of delivery of the ERP, and who provides what there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from premises.choices import Division
from premises.services.loading.providing import (
    PodServiceRow,
    PodServices,
    copy_services,
    load_services,
)
from utilcrm.db.copying import RECORD, copied, copy_into, draw_keys, heads, keys_of, unknown
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, upsert
from utilcrm.identifiers import InvalidIdentifier, scheme_for, validate

_TABLE = "premises_pointofdelivery"
_DIVISIONS = frozenset(Division.values)
_COLUMNS = {
    "division": "text",
    "external_id": "text",
    "scheme": "text",
    "valid_from": "date",
    "valid_to": "date",
}


@dataclass(frozen=True, slots=True)
class PodRow:
    """
    A point of delivery as the ERP has it; `premise_erp_number` is where it lies.

    Where no distribution is among the `services`, the identifier decides if it names a distributor.
    """

    erp_number: str
    premise_erp_number: str
    division: str
    external_id: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    services: tuple[PodServiceRow, ...] = ()
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_points_of_delivery(rows: Iterable[PodRow], *, market: str) -> Loaded:
    """
    Create or update points of delivery, and who provides what there as the ERP tells it.

    An identifier that fails its market's check is rejected: it would reach the wrong meter.
    """
    rejects: list[Reject] = []
    staged: dict[str, PodRow] = {}
    identifiers: dict[str, str] = {}
    for row in rows:
        try:
            identifiers[row.erp_number] = _identifier(row, market)
        except InvalidIdentifier as error:
            rejects.append(Reject(row.erp_number, "IDENTIFIER_INVALID", str(error.reason)))
        else:
            staged[row.erp_number] = row
    pods = {
        number: PodServices(number, row.division, identifiers[number], row.valid_from, row.services)
        for number, row in staged.items()
    }
    parents = keys_of(
        "premises_premise", "erp_number", {row.premise_erp_number for row in staged.values()}
    )
    new = {
        number: (parents[row.premise_erp_number], row)
        for number, row in unknown(_TABLE, staged).items()
        if row.premise_erp_number in parents
    }
    if new and copied(lambda: _copy(new, pods, market)):
        loaded = Loaded(len(new), 0, rejects)
        known = {number: row for number, row in staged.items() if number not in new}
        return loaded.plus(_take_over(known, pods, market)) if known else loaded
    return _take_over(staged, pods, market).with_rejects(rejects)


def _copy(
    new: Mapping[str, tuple[int, PodRow]], pods: Mapping[str, PodServices], market: str
) -> None:
    """Copy points of delivery that are not here, and who provides what there."""
    keys = draw_keys(_TABLE, len(new))
    copy_into(
        _TABLE,
        RECORD | {"erp_number": "text", "premise_id": "bigint"} | _COLUMNS,
        (
            (*head, number, premise_id, *_values(row, pods[number], market))
            for head, (number, (premise_id, row)) in zip(heads(keys), new.items(), strict=True)
        ),
    )
    copy_services(
        [(key, pods[number]) for key, number in zip(keys, new, strict=True)], market=market
    )


def _values(row: PodRow, pod: PodServices, market: str) -> tuple[Any, ...]:
    scheme = scheme_for(market, row.division)
    return row.division, pod.external_id, scheme, row.valid_from, row.valid_to


def _take_over(
    staged: Mapping[str, PodRow], pods: Mapping[str, PodServices], market: str
) -> Loaded:
    """Let points of delivery be what the ERP tells of them, whatever is here."""
    staging = Staging(
        "stage_pod",
        {"erp_number": "text", "external_reference": "uuid", "parent": "text"} | _COLUMNS,
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.premise_erp_number,
            *_values(row, pods[row.erp_number], market),
        )
        for row in staged.values()
    )
    rejects = _without_premise()
    rejects += _with_foreign_identifier()
    source = (
        "(SELECT s.*, p.id AS premise_id FROM pg_temp.stage_pod s "
        "JOIN premises_premise p ON p.erp_number = s.parent AND p.erp_number <> '')"
    )
    adopt(table=_TABLE, source=source, key="erp_number")
    loaded = upsert(
        table=_TABLE,
        source=source,
        key="erp_number",
        columns=["premise_id", *_COLUMNS],
        on_insert={},
    )
    load_services((pods[number] for number in staged), market=market)
    return loaded.with_rejects(rejects)


def _identifier(row: PodRow, market: str) -> str:
    if not row.erp_number or len(row.erp_number) > 22:
        raise InvalidIdentifier("LENGTH", _("The ERP's number has not 1 to 22 characters."))
    if row.division not in _DIVISIONS:
        raise InvalidIdentifier(
            "FORMAT", _("“%(division)s” is no division.") % {"division": row.division}
        )
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise InvalidIdentifier("FORMAT", _("It ends before it starts."))
    return validate(scheme_for(market, row.division), row.external_id)


def _without_premise() -> list[Reject]:
    rows = fetch(
        "SELECT s.erp_number, s.parent FROM pg_temp.stage_pod s WHERE NOT EXISTS "
        "(SELECT FROM premises_premise p WHERE p.erp_number = s.parent"
        " AND p.erp_number <> '') ORDER BY 1"
    )
    return [
        Reject(
            erp_number,
            "PARENT_MISSING",
            _("Its premise %(number)s is not here.") % {"number": parent},
        )
        for erp_number, parent in rows
    ]


def _with_foreign_identifier() -> list[Reject]:
    """Take out rows whose identifier stands for another object, here or on the same page."""
    rows = fetch(
        """
        DELETE FROM pg_temp.stage_pod s
        WHERE s.erp_number IN (
          SELECT n.erp_number FROM pg_temp.stage_pod n
          JOIN premises_pointofdelivery d ON d.external_id = n.external_id
          WHERE d.erp_number <> n.erp_number AND d.uuid IS DISTINCT FROM n.external_reference
          UNION ALL
          SELECT n.erp_number FROM pg_temp.stage_pod n
          JOIN pg_temp.stage_pod o ON o.external_id = n.external_id
          WHERE o.erp_number < n.erp_number
        )
        RETURNING s.erp_number, s.external_id
        """
    )
    return [
        Reject(
            erp_number,
            "IDENTIFIER_TAKEN",
            _("Another point of delivery has the identifier %(number)s.") % {"number": external_id},
        )
        for erp_number, external_id in rows
    ]
