"""
A household's expected consumption when no bill is at hand.

Rules of thumb: the caller's own figure always wins. British values are Ofgem's typical domestic
consumption values in force since October 2023 (low, medium, high); the others are round figures
of the size that German consumer advice works with (Stromspiegel, Heizspiegel), used across the
continent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from access.choices import SegmentCode
from premises.choices import Division
from products.choices import Dwelling


class NoEstimate(Exception):
    """Neither persons nor floor area nor the kind of home was given."""


@dataclass(frozen=True)
class _Typical:
    """kWh a year: by persons (1, 2, 3, 4; then each more), by home, by square metre."""

    persons: Sequence[int]
    per_further_person: int
    dwellings: Mapping[str, int]
    per_square_metre: int


_BRITISH: dict[str, _Typical] = {
    Division.ELECTRICITY: _Typical(
        persons=(1_800, 2_700, 2_700, 4_100),
        per_further_person=600,
        dwellings={
            Dwelling.FLAT: 1_800,
            Dwelling.TERRACED: 2_700,
            Dwelling.SEMI_DETACHED: 2_700,
            Dwelling.DETACHED: 4_100,
        },
        per_square_metre=32,
    ),
    Division.GAS: _Typical(
        persons=(7_500, 11_500, 11_500, 17_000),
        per_further_person=1_500,
        dwellings={
            Dwelling.FLAT: 7_500,
            Dwelling.TERRACED: 11_500,
            Dwelling.SEMI_DETACHED: 11_500,
            Dwelling.DETACHED: 17_000,
        },
        per_square_metre=125,
    ),
}
_CONTINENTAL: dict[str, _Typical] = {
    Division.ELECTRICITY: _Typical(
        persons=(1_500, 2_500, 3_500, 4_250),
        per_further_person=750,
        dwellings={
            Dwelling.FLAT: 2_000,
            Dwelling.TERRACED: 3_000,
            Dwelling.SEMI_DETACHED: 3_500,
            Dwelling.DETACHED: 4_500,
        },
        per_square_metre=35,
    ),
    Division.GAS: _Typical(
        persons=(7_000, 12_000, 15_000, 20_000),
        per_further_person=2_500,
        dwellings={
            Dwelling.FLAT: 8_000,
            Dwelling.TERRACED: 14_000,
            Dwelling.SEMI_DETACHED: 17_000,
            Dwelling.DETACHED: 22_000,
        },
        per_square_metre=140,
    ),
}
_SHOP_PER_SQUARE_METRE = {Division.ELECTRICITY: 90, Division.GAS: 120}


def estimate_annual_kwh(
    *,
    division: str,
    segment: str,
    market: str,
    persons: int | None = None,
    floor_area: int | None = None,
    dwelling: str = "",
) -> int:
    """
    Return a year's consumption in kWh from whichever of the three facts is given.

    The first given of persons, floor area (m²) and dwelling decides.

    :raises NoEstimate: if none is given, or only the household's for a business
    """
    typical = (_BRITISH if market == "GB" else _CONTINENTAL)[division]
    if segment == SegmentCode.CORPORATE:
        if not floor_area:
            raise NoEstimate
        return floor_area * _SHOP_PER_SQUARE_METRE[Division(division)]
    if persons:
        known = typical.persons
        further = max(0, persons - len(known))
        return known[min(persons, len(known)) - 1] + further * typical.per_further_person
    if floor_area:
        return floor_area * typical.per_square_metre
    if dwelling:
        return typical.dwellings[dwelling]
    raise NoEstimate
