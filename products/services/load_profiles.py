"""
Compute the standard load profiles that a tenant is set up with.

This is the only module that imports demandlib and with it pandas: it runs when a tenant is seeded,
never in a web process.

Power comes from the BDEW's profiles of 2025 (H25 households, G25 commerce). Gas follows the BDEW's
temperature-driven profiles (single-family home, and trade, commerce and services) over a standard
year: a mean of 9.5 °C, coldest around 20 January, with a yearly swing of ±8 °C and a daily one of
±2.5 °C, which is the shape of a lowland year between London and Copenhagen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from demandlib import bdew

from access.choices import SegmentCode
from premises.choices import Division

YEAR = 2027
"""Any year without a leap day serves; weekdays hardly move the months."""

NIGHT_HOURS = frozenset({23, 0, 1, 2, 3, 4, 5})
"""The seven cheap hours of a two-rate meter (Economy 7 and its relatives)."""

_SHARE_STEP = Decimal("0.0000000001")
_NIGHT_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class ProfileTable:
    """A load profile as twelve monthly shares that add up to exactly 1, and their night parts."""

    code: str
    name: str
    division: str
    segment: str
    shares: tuple[Decimal, ...]
    night_shares: tuple[Decimal, ...]


def compute_load_profiles() -> list[ProfileTable]:
    """Return the four profiles, one for each division and segment."""
    quarters = pd.date_range(f"{YEAR}-01-01", f"{YEAR + 1}-01-01", freq="15min", inclusive="left")
    hours = pd.date_range(f"{YEAR}-01-01", f"{YEAR + 1}-01-01", freq="h", inclusive="left")
    return [
        _table(
            "H25",
            "Household power (BDEW 2025)",
            Division.ELECTRICITY,
            SegmentCode.RESIDENTIAL,
            pd.Series(bdew.H25(quarters)),
        ),
        _table(
            "G25",
            "Commercial power (BDEW 2025)",
            Division.ELECTRICITY,
            SegmentCode.CORPORATE,
            pd.Series(bdew.G25(quarters)),
        ),
        _table(
            "EFH",
            "Heating gas, home (BDEW)",
            Division.GAS,
            SegmentCode.RESIDENTIAL,
            _heating(hours, shlp_type="EFH", building_class=5),
        ),
        _table(
            "GHD",
            "Heating gas, commerce (BDEW)",
            Division.GAS,
            SegmentCode.CORPORATE,
            _heating(hours, shlp_type="GHD", building_class=0),
        ),
    ]


def _heating(hours: pd.DatetimeIndex, *, shlp_type: str, building_class: int) -> pd.Series:
    building = bdew.HeatBuilding(
        hours,
        temperature=pd.Series([_temperature(hour) for hour in range(len(hours))], index=hours),
        shlp_type=shlp_type,
        building_class=building_class,
        wind_class=0,
        annual_heat_demand=1,
    )
    return building.get_normalized_bdew_profile()


def _temperature(hour: int) -> float:
    """Return the outdoor temperature of the standard year in °C, `hour` hours after New Year."""
    year = math.cos(2 * math.pi * (hour / 24 - 20) / 365)
    day = math.sin(2 * math.pi * (hour % 24 - 9) / 24)
    return 9.5 - 8.0 * year + 2.5 * day


def _table(code: str, name: str, division: str, segment: str, series: pd.Series) -> ProfileTable:
    by_month = series.groupby(series.index.month).sum()
    at_night = series[series.index.hour.isin(NIGHT_HOURS)]
    night_by_month = at_night.groupby(at_night.index.month).sum() / by_month
    shares = [Decimal(str(part)).quantize(_SHARE_STEP) for part in by_month / by_month.sum()]
    shares[0] += 1 - sum(shares, Decimal(0))
    return ProfileTable(
        code=code,
        name=name,
        division=division,
        segment=segment,
        shares=tuple(shares),
        night_shares=tuple(Decimal(str(part)).quantize(_NIGHT_STEP) for part in night_by_month),
    )
