"""The regional structure: which postcodes belong to which town, and which streets exist."""

import re
from functools import cache
from typing import Any

from sandbox.erp.book.countries import COUNTRIES
from sandbox.erp.findings import Finding, error, warning


def _area(country: str, postcode: str) -> str:
    """Return the part of a postcode that tells the region: letters in GB, else two digits."""
    if country == "GB":
        return re.split(r"[0-9]", postcode.upper(), maxsplit=1)[0].strip()
    return postcode.strip()[:2]


@cache
def _towns(country: str) -> dict[str, frozenset[str]]:
    towns: dict[str, frozenset[str]] = {}
    for town in COUNTRIES[country].towns:
        areas = frozenset(_area(country, code) for code in town.postcodes)
        for name in {town.name.casefold(), town.name.casefold().partition(" (")[0]}:
            towns[name] = towns.get(name, frozenset()) | areas
    return towns


@cache
def _streets(country: str) -> frozenset[str]:
    return frozenset(street.casefold() for street in COUNTRIES[country].streets)


def check_address(country: str, address: dict[str, Any]) -> list[Finding]:
    """Return what is wrong with an address for a client of `country`.

    Another country is an error; a place or street that the structure does not know is a warning,
    as new streets are built faster than structures are updated.
    """
    if address["CountryCode"] != country:
        note = f"Country {address['CountryCode']} is not served by this client"
        return [error("COUNTRY_NOT_SERVED", "CountryCode", note)]
    areas = _towns(country).get(address["CityName"].casefold())
    postcode = address["PostalCode"]
    if areas is None:
        note = f"Town {address['CityName']} is not in the regional structure"
        return [warning("REGION_UNKNOWN", "CityName", note)]
    if _area(country, postcode) not in areas:
        note = f"Postal code {postcode} does not belong to {address['CityName']}"
        return [warning("REGION_UNKNOWN", "PostalCode", note)]
    if address["StreetName"].casefold() not in _streets(country):
        note = f"Street {address['StreetName']} is not in the regional structure"
        return [warning("REGION_UNKNOWN", "StreetName", note)]
    return []
