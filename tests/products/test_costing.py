"""The maths of a year of supply."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.choices import RateType
from products.choices import PriceComponent
from products.queries.costing import (
    Cost,
    PriceLine,
    ProfileShares,
    add_months,
    first_year_cost,
    total_cost,
)

EVEN = ProfileShares(
    code="EVEN",
    months=tuple(Decimal(n) / 365 for n in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)),
    night=(Decimal("0.2"),) * 12,
)
WINTER = ProfileShares(
    code="WINTER",
    months=(Decimal("0.5"), *([Decimal(0)] * 10), Decimal("0.5")),
    night=(Decimal(0),) * 12,
)


def standing(amount: str) -> PriceLine:
    price = Decimal(amount)
    return PriceLine(PriceComponent.STANDING_CHARGE, RateType.ALL_DAY, price, price)


def energy(amount: str, rate_type: str = RateType.ALL_DAY) -> PriceLine:
    price = Decimal(amount)
    return PriceLine(PriceComponent.ENERGY, rate_type, price, price)


def cost_of(*lines: PriceLine, kwh: int = 4_000, vat: str = "0", **facts: object) -> Cost:
    values: dict[str, object] = {
        "annual_kwh": kwh,
        "start_date": dt.date(2027, 3, 1),
        "profile": EVEN,
        "vat_rate": Decimal(vat),
        "currency": "EUR",
    }
    return first_year_cost(lines, **(values | facts))


@pytest.mark.covers("D-34")
def test_quantity_times_price_is_cost():
    assert cost_of(energy("0.2456")).gross == Decimal("982.40")


def test_the_standing_charge_is_charged_for_each_day_of_the_first_year():
    assert cost_of(standing("0.5")).gross == Decimal("182.50") + Decimal("0.5")
    assert cost_of(standing("0.5"), start_date=dt.date(2025, 3, 1)).gross == Decimal("182.50")


def test_tax_is_added_once_to_the_exact_sum_and_not_to_rounded_parts():
    cost = cost_of(energy("0.001"), kwh=149, vat="0.05")
    assert cost.net == Decimal("0.15")
    assert cost.gross == Decimal("0.16")
    assert cost.vat == cost.gross - cost.net


def test_day_and_night_prices_are_weighed_by_the_profiles_night_share():
    cost = cost_of(energy("0.30", RateType.DAY), energy("0.10", RateType.NIGHT), kwh=1_000)
    assert cost.gross == Decimal("260.00")


def test_months_follow_the_profile():
    cost = cost_of(energy("0.10"), kwh=1_000, profile=WINTER, start_date=dt.date(2027, 1, 1))
    assert [month.gross for month in cost.months] == [
        Decimal("50.00"),
        *([Decimal("0.00")] * 10),
        Decimal("50.00"),
    ]


def test_a_start_in_the_middle_of_a_month_splits_it_by_days():
    cost = cost_of(energy("0.10"), kwh=310, profile=WINTER, start_date=dt.date(2027, 1, 16))
    assert cost.months[0].gross == Decimal("8.00")
    assert cost.months[-2].gross == Decimal("7.50")
    assert cost.months[-1].gross == Decimal("8.00") + Decimal("7.50")


def test_a_start_on_the_last_day_of_a_long_month_never_skips_a_short_one():
    starts = [add_months(dt.date(2027, 1, 31), count) for count in range(4)]
    assert starts == [
        dt.date(2027, 1, 31),
        dt.date(2027, 2, 28),
        dt.date(2027, 3, 31),
        dt.date(2027, 4, 30),
    ]


def test_several_supplies_add_up():
    power, gas = cost_of(energy("0.25"), vat="0.05"), cost_of(energy("0.06"), vat="0.05")
    both = total_cost([power, gas])
    assert both.gross == power.gross + gas.gross
    assert both.vat_rate == Decimal("0.05")
    assert sum(month.gross for month in both.months) == both.gross


def test_nothing_cannot_be_added_up():
    with pytest.raises(ValueError, match="no cost"):
        total_cost([])


prices = st.decimals(min_value=0, max_value=10, places=6)


@given(
    kwh=st.integers(min_value=0, max_value=5_000_000),
    per_day=prices,
    per_kwh=prices,
    vat=st.decimals(min_value=0, max_value="0.9999", places=4),
    start=st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2040, 12, 31)),
    weights=st.lists(st.integers(min_value=1, max_value=1000), min_size=12, max_size=12),
    currency=st.sampled_from(["GBP", "EUR", "DKK", "JPY"]),
)
def test_the_twelve_months_add_up_to_the_year_to_the_last_penny(
    kwh, per_day, per_kwh, vat, start, weights, currency
):
    shares = ProfileShares(
        code="ANY",
        months=tuple(Decimal(weight) / sum(weights) for weight in weights),
        night=(Decimal(0),) * 12,
    )
    cost = first_year_cost(
        [standing(str(per_day)), energy(str(per_kwh))],
        annual_kwh=kwh,
        start_date=start,
        profile=shares,
        vat_rate=vat,
        currency=currency,
    )
    assert sum(month.gross for month in cost.months) == cost.gross
    assert cost.net + cost.vat == cost.gross
    assert len(cost.months) == 12
    exact = (per_day * (add_months(start, 12) - start).days + per_kwh * kwh) * (1 + vat)
    assert abs(cost.gross - exact) <= Decimal("0.5")
    assert all(month.gross >= 0 for month in cost.months)
