"""Rounding and writing amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilcrm.money import apportion, format_money, format_share, format_unit_price, round_amount


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("2.675", "GBP", "2.68"),
        ("1.5", "JPY", "2"),
    ],
)
def test_a_half_is_rounded_up_to_the_currencys_own_precision(amount, currency, rounded):
    assert round_amount(Decimal(amount), currency) == Decimal(rounded)


@pytest.mark.parametrize(
    ("currency", "language", "text"),
    [("GBP", "en", "£1,234.50"), ("EUR", "de", "1.234,50\xa0€"), ("EUR", "en", "€1,234.50")],
)
def test_an_amount_is_written_the_way_the_language_does(currency, language, text):
    assert format_money(Decimal("1234.5"), currency, language) == text


def test_an_energy_price_keeps_every_decimal_that_it_has():
    assert format_unit_price(Decimal("0.2456"), "EUR", "de") == "24,56 ct"
    assert format_unit_price(Decimal("0.245612"), "GBP", "en") == "24.5612 p"
    assert format_unit_price(Decimal("2"), "DKK", "en") == "200.00 øre"


def test_a_fraction_is_written_as_a_percentage():
    assert format_share(Decimal("0.05"), "en") == "5%"
    assert format_share(Decimal("0.0725"), "de") == "7,25\xa0%"


def test_the_largest_remainder_gets_the_penny_left_over():
    parts = apportion(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(4)], "EUR")
    assert parts == [Decimal("0.17"), Decimal("0.17"), Decimal("0.66")]
    assert apportion(Decimal("0.01"), [Decimal(1), Decimal(1)], "EUR") == [
        Decimal("0.01"),
        Decimal("0.00"),
    ]


def test_an_amount_cannot_be_split_by_nothing():
    with pytest.raises(ValueError, match="nothing"):
        apportion(Decimal(1), [Decimal(0)], "EUR")


@given(
    cents=st.integers(min_value=-1_000_000, max_value=1_000_000),
    weights=st.lists(
        st.decimals(min_value=0, max_value=1000, places=4), min_size=1, max_size=40
    ).filter(any),
)
def test_the_parts_add_up_and_none_is_off_by_more_than_a_penny(cents, weights):
    total = Decimal(cents) / 100
    parts = apportion(total, weights, "EUR")
    assert sum(parts) == total
    whole = sum(weights)
    assert all(
        abs(part - total * weight / whole) < Decimal("0.0101")
        for part, weight in zip(parts, weights, strict=True)
    )
