"""Who provides what at the points of delivery of the ERP."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from premises.choices import ROLE_OF_SERVICE, GridKey, Service
from premises.models import GridArea, ServiceProvider
from utilcrm.db.copying import RECORD, copy_into, draw_keys, heads
from utilcrm.db.staging import Staging, new_uuid_sql, run

Areas = dict[tuple[str, str], ServiceProvider]
_SAME = """
  x.pod_id = r.pod_id AND x.service = r.service AND x.provider_id = r.provider_id
  AND x.valid_from = r.valid_from AND x.valid_to IS NOT DISTINCT FROM r.valid_to
"""


@dataclass(frozen=True, slots=True)
class PodServiceRow:
    """A provider serves from a day up to, not including, another (None: open)."""

    service: str
    provider_code: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    provider_name: str = ""


@dataclass(frozen=True, slots=True)
class PodServices:
    """What the ERP tells of one point of delivery."""

    erp_number: str
    division: str
    external_id: str
    valid_from: dt.date
    services: tuple[PodServiceRow, ...]


def copy_services(pods: Iterable[tuple[int, PodServices]], *, market: str) -> None:
    """Copy who provides what at points of delivery that are new, each given with its key."""
    areas = _grid_areas(market)
    lines = [(key, *line[1:]) for key, pod in pods for line in _lines([pod], areas)]
    providers = _providers(market)
    missing = {
        (role, code): name
        for _key, _service, role, code, name, _from, _to in lines
        if (role, code) not in providers
    }
    if missing:
        ServiceProvider.objects.bulk_create(
            [
                ServiceProvider(code=code, name=name, role=role, market=market)
                for (role, code), name in missing.items()
            ],
            ignore_conflicts=True,
        )
        providers = _providers(market)
    table = "premises_podservice"
    copy_into(
        table,
        {
            **RECORD,
            "pod_id": "bigint",
            "service": "text",
            "provider_id": "bigint",
            "valid_from": "date",
            "valid_to": "date",
        },
        (
            (*head, key, service, providers[role, code], valid_from, valid_to)
            for head, (key, service, role, code, _name, valid_from, valid_to) in zip(
                heads(draw_keys(table, len(lines))), lines, strict=True
            )
        ),
    )


def _providers(market: str) -> dict[tuple[str, str], int]:
    rows = ServiceProvider.objects.filter(market=market).values_list("role", "code", "pk")
    return {(role, code): key for role, code, key in rows}


def load_services(pods: Iterable[PodServices], *, market: str) -> None:
    """
    Make providers that we do not know, and let each service be what the ERP tells of it.

    A service of which it tells nothing stays as it is. Runs in the caller's transaction, after the
    points of delivery.
    """
    staging = Staging(
        "stage_service",
        {
            "erp_number": "text",
            "service": "text",
            "role": "text",
            "code": "text",
            "name": "text",
            "valid_from": "date",
            "valid_to": "date",
        },
    )
    # Read before the COPY begins: the connection can do one thing at a time.
    staging.fill(_lines(pods, _grid_areas(market)))
    run(
        f"""
        INSERT INTO premises_serviceprovider
          (uuid, code, name, role, market, division, created_at, updated_at)
        SELECT {new_uuid_sql()}, s.code, max(s.name), s.role, %s, '', now(), now()
        FROM pg_temp.stage_service s GROUP BY s.code, s.role
        ON CONFLICT (market, role, code) DO NOTHING
        """,  # noqa: S608
        [market],
    )
    run("DROP TABLE IF EXISTS pg_temp.stage_served")
    run(
        """
        CREATE TEMPORARY TABLE stage_served ON COMMIT DROP AS
        SELECT d.id AS pod_id, s.service, p.id AS provider_id, s.valid_from, s.valid_to
        FROM pg_temp.stage_service s
        JOIN premises_pointofdelivery d ON d.erp_number = s.erp_number AND d.erp_number <> ''
        JOIN premises_serviceprovider p ON p.market = %s AND p.role = s.role AND p.code = s.code
        """,
        [market],
    )
    run(
        f"""
        DELETE FROM premises_podservice e USING (
          SELECT DISTINCT r.pod_id, r.service FROM pg_temp.stage_served r
          WHERE NOT EXISTS (SELECT FROM premises_podservice x WHERE {_SAME})
        ) other
        WHERE e.pod_id = other.pod_id AND e.service = other.service
        """  # noqa: S608
    )
    run(
        f"""
        INSERT INTO premises_podservice
          (uuid, pod_id, service, provider_id, valid_from, valid_to, created_at, updated_at)
        SELECT {new_uuid_sql()}, r.pod_id, r.service, r.provider_id, r.valid_from, r.valid_to,
          now(), now()
        FROM pg_temp.stage_served r
        WHERE NOT EXISTS (SELECT FROM premises_podservice x WHERE {_SAME})
        """  # noqa: S608
    )


def _grid_areas(market: str) -> Areas:
    areas = GridArea.objects.filter(market=market, key=GridKey.IDENTIFIER)
    return {
        (area.division, area.prefix): area.distributor
        for area in areas.select_related("distributor")
    }


def _lines(pods: Iterable[PodServices], areas: Areas) -> Iterator[tuple[Any, ...]]:
    for pod in pods:
        told: dict[str, list[PodServiceRow]] = defaultdict(list)
        for service in pod.services:
            if service.service in ROLE_OF_SERVICE:
                told[service.service].append(service)
        if Service.DISTRIBUTION.value not in told:
            provider = _distributor(areas, pod.division, pod.external_id)
            if provider is not None:
                told[Service.DISTRIBUTION.value] = [
                    PodServiceRow(
                        Service.DISTRIBUTION.value,
                        provider.code,
                        pod.valid_from,
                        provider_name=provider.name,
                    )
                ]
        for services in told.values():
            for one in _in_turn(services):
                role = ROLE_OF_SERVICE[one.service]
                name = one.provider_name or one.provider_code
                yield (
                    pod.erp_number,
                    one.service,
                    role,
                    one.provider_code[:20],
                    name[:120],
                    one.valid_from,
                    one.valid_to,
                )


def _in_turn(services: list[PodServiceRow]) -> Iterator[PodServiceRow]:
    """Let each provider end, at the latest, where the next one begins; drop what is left empty."""
    ordered = sorted(services, key=attrgetter("valid_from"))
    for one, following in zip(ordered, [*ordered[1:], None], strict=True):
        end = one.valid_to
        if following is not None and (end is None or end > following.valid_from):
            end = following.valid_from
        if end is None or end > one.valid_from:
            yield one if end == one.valid_to else replace(one, valid_to=end)


def _distributor(areas: Areas, division: str, identifier: str) -> ServiceProvider | None:
    for width in range(min(len(identifier), 12), 0, -1):
        provider = areas.get((division, identifier[:width]))
        if provider is not None:
            return provider
    return None
