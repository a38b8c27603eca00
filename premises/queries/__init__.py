"""Reads across buildings, premises, points of delivery and their services."""

from premises.queries.finding import FoundBuilding, find_buildings, town_of
from premises.queries.grid import distributor_at, distributor_for, distributors
from premises.queries.supply import (
    PremiseOverview,
    Supply,
    deliverypoints_of,
    last_supply,
    overview,
    vacant_premises,
)

__all__ = [
    "FoundBuilding",
    "PremiseOverview",
    "Supply",
    "deliverypoints_of",
    "distributor_at",
    "distributor_for",
    "distributors",
    "find_buildings",
    "last_supply",
    "overview",
    "town_of",
    "vacant_premises",
]
