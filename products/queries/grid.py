"""What the use of the grid costs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from products.models import GridPrice, GridTariff
from products.queries.costing import PriceLine
from products.queries.pricing import compose_lines


def grid_tariff_of(*, distributor_id: int, division: str, segment: str) -> GridTariff | None:
    """Return a distributor's tariff for a kind of customer; None if we do not have it."""
    return (
        GridTariff.objects.select_related("distributor")
        .filter(distributor_id=distributor_id, division=division, segment=segment)
        .first()
    )


def grid_lines(*, tariff_id: int, day: dt.date, rate: str) -> tuple[PriceLine, ...]:
    """
    Return the prices by which grid usage that begins on `day` is charged.

    :raises products.queries.pricing.NoPrice: if the standing charge or an energy price is missing
    """
    prices = GridPrice.objects.valid_on(day).filter(tariff_id=tariff_id)
    return compose_lines(prices, rate=rate, discount_percent=Decimal(0))
