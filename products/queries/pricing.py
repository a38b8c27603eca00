"""Prices in force, taxes and load profiles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from access.choices import SegmentCode
from devices.choices import Rate, RateType
from products.choices import PriceComponent
from products.models import GridPrice, LoadProfileShare, Price
from products.queries.costing import PriceLine, ProfileShares
from tenants.models import Profile

PRICE_STEP = Decimal("0.000001")
RATE_TYPES: dict[str, tuple[str, ...]] = {
    Rate.SINGLE: (RateType.ALL_DAY,),
    Rate.DOUBLE: (RateType.DAY, RateType.NIGHT),
}
"""Which energy prices a meter with that many rates is billed by."""


class NoPrice(Exception):
    """The product has no complete price for that term, rate and day."""


class NoLoadProfile(Exception):
    """The tenant was set up without a load profile for the division and segment."""


def price_lines(
    *,
    product_id: int,
    term_months: int,
    day: dt.date,
    rate: str,
    discount_percent: Decimal = Decimal(0),
) -> tuple[PriceLine, ...]:
    """
    Return the prices by which a supply that begins on `day` is charged.

    :raises NoPrice: if the standing charge or an energy price is missing
    """
    prices = Price.objects.valid_on(day).filter(product_id=product_id, term_months=term_months)
    return compose_lines(prices, rate=rate, discount_percent=discount_percent)


def compose_lines(
    prices: Iterable[Price | GridPrice], *, rate: str, discount_percent: Decimal
) -> tuple[PriceLine, ...]:
    """
    Pick the prices that a meter needs, in the order people read them, and apply the discount.

    :raises NoPrice: if one of them is missing
    """
    by_use = {(price.component, price.rate_type): price.amount for price in prices}
    uses: Sequence[tuple[str, str]] = [
        (PriceComponent.STANDING_CHARGE, RateType.ALL_DAY),
        *((PriceComponent.ENERGY, rate_type) for rate_type in RATE_TYPES[rate]),
    ]
    lines = []
    for component, rate_type in uses:
        amount = by_use.get((component, rate_type))
        if amount is None:
            raise NoPrice(f"{component} {rate_type}")
        agreed = (
            discounted(amount, discount_percent) if component == PriceComponent.ENERGY else amount
        )
        lines.append(PriceLine(component, rate_type, amount, agreed))
    return tuple(lines)


def discounted(amount: Decimal, percent: Decimal) -> Decimal:
    """
    Return an energy price less the discount, rounded half up to the precision of a price list.

    The result is the price that the contract states; nothing later rounds it again.
    """
    return (amount * (100 - percent) / 100).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)


def vat_rate(profile: Profile, segment: str) -> Decimal:
    """Return the tax on energy for a customer segment, as a fraction."""
    if segment == SegmentCode.CORPORATE:
        return profile.vat_commercial
    return profile.vat_residential


def load_profile(*, division: str, segment: str) -> ProfileShares:
    """
    Return the standard load profile of a customer group.

    :raises NoLoadProfile: if none was set up
    """
    rows = list(
        LoadProfileShare.objects.filter(profile__division=division, profile__segment=segment)
        .select_related("profile")
        .order_by("month")
    )
    if len(rows) != 12:
        raise NoLoadProfile(f"{division} {segment}")
    return ProfileShares(
        code=rows[0].profile.code,
        months=tuple(row.share for row in rows),
        night=tuple(row.night_share for row in rows),
    )
