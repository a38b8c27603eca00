"""Points of delivery of the ERP, and who provides what there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from premises.choices import Division, GridKey, Service
from premises.models import GridArea
from utilcrm.db.staging import Loaded, Reject, Staging, adopt, fetch, new_uuid_sql, run, upsert
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

    `providers` are (service, provider code) in force since `valid_from`; where no distributor is
    among them, the identifier decides if it names one.
    """

    erp_number: str
    premise_erp_number: str
    division: str
    external_id: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    providers: tuple[tuple[str, str], ...] = ()
    external_reference: uuid.UUID | None = None


@transaction.atomic
def load_points_of_delivery(rows: Iterable[PodRow], *, market: str) -> Loaded:
    """
    Create or update points of delivery and, where none is known yet, their providers.

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
    _load_providers(staged.values(), identifiers, market)
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
        WHERE EXISTS (
          SELECT FROM premises_pointofdelivery d
          WHERE d.external_id = s.external_id AND d.erp_number <> s.erp_number
            AND d.uuid IS DISTINCT FROM s.external_reference
        ) OR EXISTS (
          SELECT FROM pg_temp.stage_pod o
          WHERE o.external_id = s.external_id AND o.erp_number < s.erp_number
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


def _load_providers(rows: Iterable[PodRow], identifiers: dict[str, str], market: str) -> None:
    staging = Staging("stage_provider", {"erp_number": "text", "service": "text", "code": "text"})
    # Read before the COPY begins: its connection can answer nothing else until it ends.
    areas = {
        (area.division, area.prefix): area.distributor.code
        for area in GridArea.objects.filter(market=market, key=GridKey.IDENTIFIER).select_related(
            "distributor"
        )
    }
    staging.fill(_provider_lines(rows, identifiers, areas))
    run(
        f"""
        INSERT INTO premises_podservice
          (uuid, pod_id, service, provider_id, valid_from, valid_to, created_at, updated_at)
        SELECT {new_uuid_sql()}, d.id, s.service, p.id, d.valid_from, d.valid_to, now(), now()
        FROM pg_temp.stage_provider s
        JOIN premises_pointofdelivery d ON d.erp_number = s.erp_number
        JOIN premises_serviceprovider p ON p.market = %s AND p.code = s.code
          AND p.role = CASE s.service WHEN 'SUPPLY' THEN 'SUPPLIER'
            WHEN 'DISTRIBUTION' THEN 'DISTRIBUTOR' ELSE 'METERING' END
        WHERE NOT EXISTS (
          SELECT FROM premises_podservice e WHERE e.pod_id = d.id AND e.service = s.service
        )
        """,  # noqa: S608
        [market],
    )


def _provider_lines(
    rows: Iterable[PodRow], identifiers: dict[str, str], areas: dict[tuple[str, str], str]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        provided = dict(row.providers)
        if Service.DISTRIBUTION not in provided:
            code = _distributor(areas, row.division, identifiers[row.erp_number])
            if code:
                provided[Service.DISTRIBUTION] = code
        for service, code in provided.items():
            yield row.erp_number, service, code


def _distributor(areas: dict[tuple[str, str], str], division: str, identifier: str) -> str:
    for width in range(min(len(identifier), 12), 0, -1):
        code = areas.get((division, identifier[:width]))
        if code:
            return code
    return ""
