"""Seed the distributors and grid areas of a market; again and again without harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from premises.choices import Division, GridKey, ProviderRole
from premises.models import GridArea, ServiceProvider
from premises.services.seeding.great_britain import ELECTRICITY, GAS
from premises.services.seeding.other_markets import NETWORKS


@dataclass(frozen=True)
class _Network:
    division: str
    code: str
    name: str
    key: str
    prefixes: tuple[str, ...]


@transaction.atomic
def seed_market(market: str, *, supplier_code: str = "", supplier_name: str = "") -> None:
    """Make the market's distributors with their grid areas, and the tenant itself as supplier."""
    if supplier_code:
        ServiceProvider.objects.update_or_create(
            market=market,
            role=ProviderRole.SUPPLIER,
            code=supplier_code,
            defaults={"name": supplier_name},
        )
    networks = list(_networks(market))
    ServiceProvider.objects.bulk_create(
        {
            network.code: ServiceProvider(
                market=market,
                role=ProviderRole.DISTRIBUTOR,
                code=network.code,
                name=network.name,
                division=network.division,
            )
            for network in networks
        }.values(),
        update_conflicts=True,
        unique_fields=["market", "role", "code"],
        update_fields=["name", "division", "updated_at"],
    )
    distributors = ServiceProvider.objects.filter(market=market, role=ProviderRole.DISTRIBUTOR)
    by_code = {one.code: one for one in distributors}
    GridArea.objects.bulk_create(
        {
            (network.division, network.key, prefix): GridArea(
                market=market,
                division=network.division,
                key=network.key,
                prefix=prefix,
                distributor=by_code[network.code],
            )
            for network in networks
            for prefix in network.prefixes
        }.values(),
        update_conflicts=True,
        unique_fields=["market", "division", "key", "prefix"],
        update_fields=["distributor", "updated_at"],
    )


def _networks(market: str) -> Iterator[_Network]:
    if market == "GB":
        for prefix, (code, name) in ELECTRICITY.items():
            yield _Network(Division.ELECTRICITY, code, name, GridKey.IDENTIFIER, (prefix,))
        for code, (name, areas) in GAS.items():
            yield _Network(Division.GAS, code, name, GridKey.POSTCODE, tuple(areas.split()))
        return
    for (of_market, division), networks in NETWORKS.items():
        if of_market == market:
            for code, (name, key, prefixes) in networks.items():
                yield _Network(division, code, name, key, tuple(prefixes.split()))
