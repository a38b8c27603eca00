"""
Amounts of money: rounded once, half up, to the currency's own precision, where they are shown.

Until then they stay exact. Which precision a currency has and how a language writes it is Babel's
knowledge (Unicode CLDR).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel.core import Locale
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

MINOR_UNITS = {"GBP": "p", "EUR": "ct", "DKK": "øre"}
"""How people call a hundredth of a currency when they speak of energy prices."""

_PRICE_STEP = Decimal("0.000001")

REGIONS = {"GBP": "GB"}
"""Where a currency is at home, so that English writes £ the British way."""


def smallest_unit(currency: str) -> Decimal:
    """Return the smallest amount that can be paid in the currency, such as 0.01."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's precision, as commerce does and as the ERP bills."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


def apportion(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """
    Split an amount in proportion to the weights so that the parts add up to it exactly.

    `total` must be rounded already. Each part is first rounded down; the units left over go to
    the largest remainders, the earlier part first where two are equal.

    :raises ValueError: if the weights add up to nothing although there is an amount to split
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        if total or not weights:
            raise ValueError("an amount cannot be split by weights that add up to nothing")
        return [round_amount(Decimal(0), currency) for _weight in weights]
    unit = smallest_unit(currency)
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(unit, rounding=ROUND_FLOOR) for part in exact]
    left_over = int((total - sum(parts, Decimal(0))) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:left_over]:
        parts[i] += unit
    return parts


def with_tax(unit_price: Decimal, vat_rate: Decimal) -> Decimal:
    """Return an energy price with its tax, at the six decimals of a price, rounded half up."""
    return (unit_price * (1 + vat_rate)).quantize(_PRICE_STEP, rounding=ROUND_HALF_UP)


def format_money(amount: Decimal, currency: str, language: str) -> str:
    """Write an amount, rounded, the way the language does: £1,234.50 or 1.234,50 €."""
    return format_currency(
        round_amount(amount, currency), currency, locale=_locale(language, currency)
    )


def format_unit_price(amount: Decimal, currency: str, language: str, *, decimals: int = 2) -> str:
    """
    Write an energy price in hundredths of the currency: 24.56 p or 24,56 ct.

    Shows at least `decimals` places and as many more as the price has: a price is never rounded.
    """
    hundredths = (amount * 100).normalize()
    exponent = hundredths.as_tuple().exponent
    places = max(decimals, -exponent if isinstance(exponent, int) else 0)
    number = format_decimal(
        hundredths, format="#,##0." + "0" * places, locale=_locale(language, currency)
    )
    return f"{number} {MINOR_UNITS.get(currency, currency + '/100')}"


def format_share(fraction: Decimal, language: str) -> str:
    """Write a fraction as a percentage: 0.05 as 5% or 5 %."""
    return format_percent(
        fraction, locale=Locale.parse(language.replace("-", "_")), decimal_quantization=False
    )


def _locale(language: str, currency: str) -> Locale:
    """Return the language's locale, at home where the currency is if the two go together."""
    code = language.replace("-", "_")
    region = REGIONS.get(currency)
    if region and code == "en":
        return Locale.parse(f"{code}_{region}")
    return Locale.parse(code)
