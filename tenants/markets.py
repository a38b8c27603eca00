"""What a market brings with it, so that nobody has to type it for a new tenant."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tenants.choices import Market


@dataclass(frozen=True)
class MarketDefaults:
    """Currency, language, clock and the VAT on energy; VAT rates are fractions."""

    currency: str
    language: str
    time_zone: str
    phone_region: str
    vat_residential: Decimal
    vat_commercial: Decimal

    def as_profile(self) -> dict[str, Any]:
        """Return the defaults as fields of a profile."""
        return asdict(self)


MARKET_DEFAULTS: dict[str, MarketDefaults] = {
    # Reduced rate on domestic fuel and power: VAT Act 1994, schedule 7A, group 1.
    Market.GB: MarketDefaults("GBP", "en", "Europe/London", "GB", Decimal("0.05"), Decimal("0.20")),
    Market.DE: MarketDefaults("EUR", "de", "Europe/Berlin", "DE", Decimal("0.19"), Decimal("0.19")),
    Market.ES: MarketDefaults("EUR", "en", "Europe/Madrid", "ES", Decimal("0.21"), Decimal("0.21")),
    Market.DK: MarketDefaults(
        "DKK", "en", "Europe/Copenhagen", "DK", Decimal("0.25"), Decimal("0.25")
    ),
}
