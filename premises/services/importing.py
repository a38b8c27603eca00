"""
Take over places of supply of another system, set by set.

Buildings and premises are recognised by their address, points of delivery by their identifier:
what is here already is used as it is. The values are checked by whoever calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from premises.choices import GridKey, Service
from premises.models import (
    ConnectionObject,
    GridArea,
    PodService,
    PointOfDelivery,
    Premise,
)
from utilcrm.db.copying import copy_objects
from utilcrm.identifiers import scheme_for
from utilcrm.identifiers.addresses import fold, match_key

Door = tuple[str, str]
"""Match key of the building, and the folded flat."""


@dataclass(frozen=True)
class ImportedSite:
    """A point of delivery with its address, in stored form."""

    pod_id: str
    division: str
    street: str
    house_number: str
    flat: str
    postcode: str
    town: str
    country: str
    kind: str
    valid_from: dt.date

    @property
    def key(self) -> str:
        """The folded address of the building."""
        return match_key(self.postcode, self.street, self.house_number)[:120]

    @property
    def door(self) -> Door:
        """What premises are compared by."""
        return self.key, fold(self.flat)


@dataclass
class Sites:
    """What is there now, by identifier, and what of it is new."""

    pods: dict[str, PointOfDelivery]
    new_buildings: dict[str, ConnectionObject] = field(default_factory=dict)
    new_premises: dict[Door, Premise] = field(default_factory=dict)
    new_pods: dict[str, PointOfDelivery] = field(default_factory=dict)


@transaction.atomic
def import_sites(rows: Iterable[ImportedSite], *, market: str) -> Sites:
    """Create the points of delivery that are not here yet, in buildings and premises as needed."""
    wanted = {row.pod_id: row for row in rows}
    sites = Sites(
        {pod.external_id: pod for pod in PointOfDelivery.objects.filter(external_id__in=wanted)}
    )
    new = [row for row in wanted.values() if row.pod_id not in sites.pods]
    premises = _premises(new, _buildings(new, sites), sites)
    made = copy_objects(
        PointOfDelivery(
            premise=premises[row.door],
            division=row.division,
            external_id=row.pod_id,
            scheme=scheme_for(market, row.division),
            valid_from=row.valid_from,
        )
        for row in new
    )
    sites.new_pods = {pod.external_id: pod for pod in made}
    sites.pods |= sites.new_pods
    _name_distributors(new, sites, market)
    return sites


def _buildings(rows: Sequence[ImportedSite], sites: Sites) -> dict[str, ConnectionObject]:
    by_key = {row.key: row for row in rows}
    there: dict[str, ConnectionObject] = {}
    found = ConnectionObject.objects.filter(match_key__in=by_key)
    for building in found.order_by("-id"):
        if building.country == by_key[building.match_key].country:
            # Where several share an address, the oldest counts.
            there[building.match_key] = building
    made = copy_objects(
        ConnectionObject(
            street=row.street,
            house_number=row.house_number,
            postcode=row.postcode,
            town=row.town,
            country=row.country,
            match_key=key,
        )
        for key, row in by_key.items()
        if key not in there
    )
    sites.new_buildings = {building.match_key: building for building in made}
    return there | sites.new_buildings


def _premises(
    rows: Sequence[ImportedSite], buildings: dict[str, ConnectionObject], sites: Sites
) -> dict[Door, Premise]:
    keys = {building.pk: key for key, building in buildings.items()}
    there: dict[Door, Premise] = {}
    for premise in Premise.objects.filter(connection_object__in=keys).order_by("-id"):
        if not premise.floor:
            there[keys[premise.connection_object_id], fold(premise.flat)] = premise
    missing = {row.door: row for row in rows if row.door not in there}
    made = copy_objects(
        Premise(connection_object=buildings[row.key], flat=row.flat, kind=row.kind)
        for row in missing.values()
    )
    sites.new_premises = dict(zip(missing, made, strict=True))
    return there | sites.new_premises


def _name_distributors(rows: Sequence[ImportedSite], sites: Sites, market: str) -> None:
    areas = {
        (area.division, area.key, area.prefix): area.distributor_id
        for area in GridArea.objects.filter(market=market)
    }
    copy_objects(
        PodService(
            pod=sites.new_pods[row.pod_id],
            service=Service.DISTRIBUTION,
            provider_id=distributor,
            valid_from=row.valid_from,
        )
        for row in rows
        if (distributor := _distributor(row, areas)) is not None
    )


def _distributor(row: ImportedSite, areas: dict[tuple[str, str, str], int]) -> int | None:
    """Return who runs the grid there: the identifier decides, else the postcode proposes."""
    postcode = fold(row.postcode).replace(" ", "").upper()
    for key, text in ((GridKey.IDENTIFIER, row.pod_id), (GridKey.POSTCODE, postcode)):
        for width in range(min(len(text), 12), 0, -1):
            found = areas.get((row.division, key.value, text[:width]))
            if found is not None:
                return found
    return None


def occupy_premises(premise_ids: Iterable[int], *, segment: str) -> int:
    """Say that customers of a segment are supplied at the premises; return how many changed."""
    return (
        Premise.objects.filter(pk__in=list(premise_ids))
        .exclude(segment=segment)
        .update(segment=segment)
    )
