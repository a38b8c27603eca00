"""Set up the distributors' grid tariffs to demonstrate with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from access.choices import SegmentCode
from devices.choices import RateType
from premises.choices import Division, ProviderRole
from premises.models import ServiceProvider
from products.choices import PriceComponent
from products.models import GridPrice, GridTariff
from tenants.queries import current_profile
from utilcrm.clock import today

_STEP = Decimal("0.000001")
_SEGMENT_FACTOR = {SegmentCode.RESIDENTIAL: Decimal(1), SegmentCode.CORPORATE: Decimal("0.88")}
_NAMES = {"en": "Grid tariff of %s", "de": "Netzentgelte %s"}
_SHORT = {
    Division.ELECTRICITY.value: "EL",
    Division.GAS.value: "GAS",
    SegmentCode.RESIDENTIAL.value: "RES",
    SegmentCode.CORPORATE.value: "COM",
}


@dataclass(frozen=True)
class GridCharges:
    """What the use of an average grid costs a household, net: per day, and per kWh."""

    standing: Mapping[str, Decimal]
    energy: Mapping[str, Decimal]


GRID_CHARGES: dict[str, GridCharges] = {
    "GB": GridCharges(
        standing={Division.ELECTRICITY: Decimal("0.2300"), Division.GAS: Decimal("0.1200")},
        energy={Division.ELECTRICITY: Decimal("0.0480"), Division.GAS: Decimal("0.0110")},
    ),
    "DE": GridCharges(
        standing={Division.ELECTRICITY: Decimal("0.2040"), Division.GAS: Decimal("0.1310")},
        energy={Division.ELECTRICITY: Decimal("0.0935"), Division.GAS: Decimal("0.0172")},
    ),
    "ES": GridCharges(
        standing={Division.ELECTRICITY: Decimal("0.2480"), Division.GAS: Decimal("0.1190")},
        energy={Division.ELECTRICITY: Decimal("0.0310"), Division.GAS: Decimal("0.0190")},
    ),
    "DK": GridCharges(
        standing={Division.ELECTRICITY: Decimal("0.7600"), Division.GAS: Decimal("0.8200")},
        energy={Division.ELECTRICITY: Decimal("0.3450"), Division.GAS: Decimal("0.1800")},
    ),
}


def tariff_code(*, division: str, segment: str, distributor_code: str) -> str:
    """Return the code by which the ERP knows a distributor's tariff as well."""
    return f"GRID-{_SHORT[division]}-{_SHORT[segment]}-{distributor_code}"


@transaction.atomic
def seed_grid_tariffs() -> int:
    """
    Store a tariff for every distributor of the market that has none yet; return how many.

    A distributor without a division of its own runs both grids. Prices begin with last year's
    January, so that a start in the recent past has one, and differ a little between distributors.
    """
    profile = current_profile()
    market, naming = profile.market, _NAMES.get(profile.language, _NAMES["en"])
    known = set(GridTariff.objects.values_list("code", flat=True))
    first_day = dt.date(today().year - 1, 1, 1)
    tariffs: list[tuple[GridTariff, Decimal]] = []
    for distributor in ServiceProvider.objects.filter(market=market, role=ProviderRole.DISTRIBUTOR):
        for division in [distributor.division] if distributor.division else Division.values:
            for segment in SegmentCode.values:
                code = tariff_code(
                    division=division, segment=segment, distributor_code=distributor.code
                )
                if code not in known:
                    factor = _factor(distributor.code) * _SEGMENT_FACTOR[SegmentCode(segment)]
                    tariffs.append((_tariff(distributor, division, segment, code, naming), factor))
    made = GridTariff.objects.bulk_create(tariff for tariff, _factor_of_it in tariffs)
    GridPrice.objects.bulk_create(
        price
        for tariff, (_same, factor) in zip(made, tariffs, strict=True)
        for price in _prices(tariff, GRID_CHARGES[market], factor, first_day)
    )
    return len(made)


def _tariff(
    distributor: ServiceProvider, division: str, segment: str, code: str, naming: str
) -> GridTariff:
    return GridTariff(
        code=code,
        name=(naming % distributor.name)[:80],
        distributor=distributor,
        division=division,
        segment=segment,
        master_data_template=f"MDT-GRID-{_SHORT[division]}",
    )


def _factor(code: str) -> Decimal:
    """Return how dear a grid is, from 0.90 to 1.10: always the same for the same distributor."""
    return Decimal(90 + sum(map(ord, code)) % 21) / 100


def _prices(
    tariff: GridTariff, charges: GridCharges, factor: Decimal, first_day: dt.date
) -> list[GridPrice]:
    rates = [RateType.ALL_DAY]
    if tariff.division == Division.ELECTRICITY:
        # A meter with two rates uses the grid at the same price by day and by night.
        rates += [RateType.DAY, RateType.NIGHT]
    uses = [(PriceComponent.STANDING_CHARGE, RateType.ALL_DAY, charges.standing[tariff.division])]
    uses += [(PriceComponent.ENERGY, rate, charges.energy[tariff.division]) for rate in rates]
    return [
        GridPrice(
            tariff=tariff,
            component=component,
            rate_type=rate_type,
            amount=(amount * factor).quantize(_STEP, rounding=ROUND_HALF_UP),
            valid_from=first_day,
        )
        for component, rate_type, amount in uses
    ]
