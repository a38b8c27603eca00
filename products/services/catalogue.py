"""The demonstration catalogue: what a new tenant sells until it has its own list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from access.choices import SegmentCode
from premises.choices import Division

TERM_FACTORS = {12: Decimal("1.00"), 24: Decimal("0.97"), 36: Decimal("0.95")}
"""The longer the customer stays, the lower the energy price."""

NIGHT_FACTOR = Decimal("0.62")
DAY_FACTOR = Decimal("1.12")


@dataclass(frozen=True)
class MarketPrices:
    """Net prices of the plainest residential product: per day, and per kWh."""

    standing: Mapping[str, Decimal]
    energy: Mapping[str, Decimal]


MARKETS: dict[str, MarketPrices] = {
    "GB": MarketPrices(
        standing={Division.ELECTRICITY: Decimal("0.5124"), Division.GAS: Decimal("0.2950")},
        energy={Division.ELECTRICITY: Decimal("0.2456"), Division.GAS: Decimal("0.0598")},
    ),
    "DE": MarketPrices(
        standing={Division.ELECTRICITY: Decimal("0.3420"), Division.GAS: Decimal("0.3610")},
        energy={Division.ELECTRICITY: Decimal("0.2790"), Division.GAS: Decimal("0.0915")},
    ),
    "ES": MarketPrices(
        standing={Division.ELECTRICITY: Decimal("0.3890"), Division.GAS: Decimal("0.2470")},
        energy={Division.ELECTRICITY: Decimal("0.1680"), Division.GAS: Decimal("0.0720")},
    ),
    "DK": MarketPrices(
        standing={Division.ELECTRICITY: Decimal("1.2400"), Division.GAS: Decimal("1.6500")},
        energy={Division.ELECTRICITY: Decimal("1.8900"), Division.GAS: Decimal("0.9300")},
    ),
}


@dataclass(frozen=True)
class CatalogueProduct:
    """A product of the demonstration: factors are applied to the market's plainest prices."""

    code: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    division: str
    segment: str
    master_data_template: str
    standing_factor: Decimal = Decimal("1")
    energy_factor: Decimal = Decimal("1")
    green: bool = False
    terms: tuple[int, ...] = field(default=(12, 24, 36))


PRODUCTS: tuple[CatalogueProduct, ...] = (
    CatalogueProduct(
        code="EL-RES-FIX",
        names={"en": "Home Power Fix", "de": "Privatstrom Fix"},
        descriptions={
            "en": "Fixed energy price for the whole term.",
            "de": "Fester Arbeitspreis über die ganze Laufzeit.",
        },
        division=Division.ELECTRICITY,
        segment=SegmentCode.RESIDENTIAL,
        master_data_template="MDT-EL-RES",
    ),
    CatalogueProduct(
        code="EL-RES-GREEN",
        names={"en": "Home Power Green", "de": "Privatstrom Natur"},
        descriptions={
            "en": "Wind and hydro power with guarantees of origin, at a fixed price.",
            "de": "Wind- und Wasserkraft mit Herkunftsnachweis zum Festpreis.",
        },
        division=Division.ELECTRICITY,
        segment=SegmentCode.RESIDENTIAL,
        master_data_template="MDT-EL-RES",
        energy_factor=Decimal("1.06"),
        green=True,
    ),
    CatalogueProduct(
        code="EL-RES-PILOT",
        names={
            "en": "Home Power Pilot (not set up in the ERP)",
            "de": "Privatstrom Pilot (im ERP nicht angelegt)",
        },
        descriptions={
            "en": "Has no master data template: shows what the pre-flight check finds.",
            "de": "Ohne Stammdatenvorlage: zeigt, was die Vorabprüfung findet.",
        },
        division=Division.ELECTRICITY,
        segment=SegmentCode.RESIDENTIAL,
        master_data_template="",
        energy_factor=Decimal("1.12"),
    ),
    CatalogueProduct(
        code="EL-COM-FIX",
        names={"en": "Business Power Fix", "de": "Gewerbestrom Fix"},
        descriptions={
            "en": "Fixed energy price for shops, offices and workshops.",
            "de": "Fester Arbeitspreis für Läden, Büros und Werkstätten.",
        },
        division=Division.ELECTRICITY,
        segment=SegmentCode.CORPORATE,
        master_data_template="MDT-EL-COM",
        standing_factor=Decimal("1.8"),
        energy_factor=Decimal("0.94"),
    ),
    CatalogueProduct(
        code="EL-COM-GREEN",
        names={"en": "Business Power Green", "de": "Gewerbestrom Natur"},
        descriptions={
            "en": "Wind and hydro power for businesses, with guarantees of origin.",
            "de": "Wind- und Wasserkraft für Betriebe, mit Herkunftsnachweis.",
        },
        division=Division.ELECTRICITY,
        segment=SegmentCode.CORPORATE,
        master_data_template="MDT-EL-COM",
        standing_factor=Decimal("1.8"),
        energy_factor=Decimal("0.99"),
        green=True,
    ),
    CatalogueProduct(
        code="GAS-RES-FIX",
        names={"en": "Home Gas Fix", "de": "Privatgas Fix"},
        descriptions={
            "en": "Fixed energy price for heating and cooking.",
            "de": "Fester Arbeitspreis zum Heizen und Kochen.",
        },
        division=Division.GAS,
        segment=SegmentCode.RESIDENTIAL,
        master_data_template="MDT-GAS-RES",
    ),
    CatalogueProduct(
        code="GAS-RES-BIO",
        names={"en": "Home Gas Bio 10", "de": "Privatgas Bio 10"},
        descriptions={
            "en": "With ten per cent biomethane, at a fixed price.",
            "de": "Mit zehn Prozent Biomethan zum Festpreis.",
        },
        division=Division.GAS,
        segment=SegmentCode.RESIDENTIAL,
        master_data_template="MDT-GAS-RES",
        energy_factor=Decimal("1.09"),
        green=True,
    ),
    CatalogueProduct(
        code="GAS-COM-FIX",
        names={"en": "Business Gas Fix", "de": "Gewerbegas Fix"},
        descriptions={
            "en": "Fixed energy price for businesses.",
            "de": "Fester Arbeitspreis für Betriebe.",
        },
        division=Division.GAS,
        segment=SegmentCode.CORPORATE,
        master_data_template="MDT-GAS-COM",
        standing_factor=Decimal("1.8"),
        energy_factor=Decimal("0.95"),
    ),
)
