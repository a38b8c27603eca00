"""The invented networks of the sandbox ERP, which its download would make us know later."""

from __future__ import annotations

from premises.choices import Division, ProviderRole
from premises.models import ServiceProvider

NETWORKS: dict[str, tuple[tuple[str, str, Division], ...]] = {
    "DE": (
        ("DE-GRID-10", "Nordnetz", Division.ELECTRICITY),
        ("DE-GRID-11", "Rheinische Netze", Division.ELECTRICITY),
        ("DE-GRID-12", "Isar Netze", Division.ELECTRICITY),
        ("DE-GRID-13", "Elbe Verteilnetz", Division.ELECTRICITY),
        ("DE-GRID-14", "Hansenetz", Division.ELECTRICITY),
        ("DE-GAS-GRID", "Gasnetz Nord", Division.GAS),
    ),
    "DK": (
        ("DK-GRID-10", "Nordnet Syd", Division.ELECTRICITY),
        ("DK-GRID-11", "Øernes Net", Division.ELECTRICITY),
        ("DK-GRID-12", "Jysk Elnet", Division.ELECTRICITY),
        ("DK-GRID-13", "Sundnet", Division.ELECTRICITY),
        ("DK-GAS-GRID", "Dansk Gasdistribution", Division.GAS),
    ),
}
"""By market: code, name and division of each."""


def know_networks(market: str) -> None:
    """Make the networks known before the catalogue is seeded, so that each has a grid tariff."""
    for code, name, division in NETWORKS.get(market, ()):
        ServiceProvider.objects.get_or_create(
            market=market,
            role=ProviderRole.DISTRIBUTOR,
            code=code,
            defaults={"name": name, "division": division},
        )
