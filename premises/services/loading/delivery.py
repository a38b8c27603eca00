"""Points of delivery of the ERP, and who provides what there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from premises.choices import Division
from premises.services.loading.providing import PodServiceRow, PodServices, load_services
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, upsert
from utilcrm.identifiers import InvalidIdentifier, scheme_for, validate

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
    staging = Staging(
        "stage_pod",
        {"erp_number": "text", "external_reference": "uuid", "parent": "text"} | _COLUMNS,
    )
    staging.fill(
        (
            row.erp_number,
            row.external_reference,
            row.premise_erp_number,
            row.division,
            identifiers[row.erp_number],
            scheme_for(market, row.division),
            row.valid_from,
            row.valid_to,
        )
        for row in staged.values()
    )
    rejects += _without_premise()
    rejects += _with_foreign_identifier()
    target = "premises_pointofdelivery"
    source = (
        "(SELECT s.*, p.id AS premise_id FROM pg_temp.stage_pod s "
        "JOIN premises_premise p ON p.erp_number = s.parent)"
    )
    adopt(table=target, source=source, key="erp_number")
    loaded = upsert(
        table=target,
        source=source,
        key="erp_number",
        columns=["premise_id", *_COLUMNS],
        on_insert={},
    )
    load_services(
        (
            PodServices(
                row.erp_number, row.division, identifiers[key], row.valid_from, row.services
            )
            for key, row in staged.items()
        ),
        market=market,
    )
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
        "(SELECT FROM premises_premise p WHERE p.erp_number = s.parent) ORDER BY 1"
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
