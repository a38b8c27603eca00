"""Addresses: towns, postcodes and streets that fit together, and buildings with flats."""

import random
from dataclasses import dataclass, field
from typing import Any

from sandbox.erp.book.countries.country import Country, Town

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass
class Building:
    """A building with the flats that nobody lives in yet."""

    town: Town
    address: dict[str, Any]
    flats: list[tuple[str | None, str | None]]
    co_id: str = ""


@dataclass
class Places:
    """Draws buildings of one country, each address once."""

    country: Country
    rng: random.Random
    _taken: set[tuple[str, str, str]] = field(default_factory=set)
    _units: dict[tuple[str, str], str] = field(default_factory=dict)

    def postcode(self, code: str, street: str) -> str:
        """Return the whole postcode of a street: in GB the outward code is completed."""
        if self.country.code != "GB":
            return code
        known = self._units.get((code, street))
        if known is None:
            letters = "".join(self.rng.choices(INWARD_LETTERS, k=2))
            known = self._units[code, street] = f"{code} {self.rng.randrange(1, 10)}{letters}"
        return known

    def take(self, town: Town, code: str, street: str, house: str) -> dict[str, Any] | None:
        """Return the address, or None when it is given away already."""
        if (code, street, house) in self._taken:
            return None
        self._taken.add((code, street, house))
        return {
            "street": street,
            "house": house,
            "postcode": self.postcode(code, street),
            "city": town.name,
            "country": self.country.code,
        }

    def building(self, *, flats: int | None = None) -> Building:
        """Draw a building: six of ten are houses, the rest have four to twelve flats."""
        address = None
        while address is None:
            # Squared: the towns at the head of the list, the large ones, come up more often.
            town = self.country.towns[int(self.rng.random() ** 2 * len(self.country.towns))]
            house = f"{self.rng.randrange(1, 190)}{'a' if self.rng.random() < 0.05 else ''}"
            street = self.rng.choice(self.country.streets)
            address = self.take(town, self.rng.choice(town.postcodes), street, house)
        if flats is None:
            flats = 1 if self.rng.random() < 0.6 else self.rng.randrange(4, 13)
        return Building(town, address, self.flats(flats))

    def flats(self, count: int) -> list[tuple[str | None, str | None]]:
        """Return (flat, floor) of each dwelling, from the ground up; a house has neither."""
        if count == 1:
            return [(None, None)]
        floors = self.country.floors
        return [(self._flat(n), floors[n // 3 % len(floors)]) for n in range(count)]

    def _flat(self, n: int) -> str:
        side = ("left", "middle", "right")[n % 3]
        return {
            "GB": f"Flat {n + 1}",
            "DE": f"Whg. {n + 1}",
            "ES": f"{n // 3 + 1}º {'ABC'[n % 3]}",
            "DK": {"left": "tv.", "middle": "mf.", "right": "th."}[side]
            if n < 3
            else f"{n // 3}. {('tv', 'mf', 'th')[n % 3]}.",
        }[self.country.code]
