"""Points of delivery and meters: identifiers, market parties, registers."""

from datetime import date
from typing import Any

from sandbox.erp.book.identifiers import cups, gsrn, malo, mpan
from sandbox.erp.book.people import scatter

SCHEMES = {
    ("GB", "ELECTRICITY"): "MPAN",
    ("GB", "GAS"): "MPRN",
    ("DE", "ELECTRICITY"): "MALO",
    ("DE", "GAS"): "MALO",
    ("ES", "ELECTRICITY"): "CUPS",
    ("ES", "GAS"): "CUPS",
    ("DK", "ELECTRICITY"): "GSRN",
    ("DK", "GAS"): "GSRN",
}
GRIDS: dict[str, tuple[str, ...]] = {
    "GB": (
        "Eastern Counties Grid", "East Midlands Grid", "Capital Networks", "Mersey & Wales Grid",
        "West Midlands Grid", "North East Wires", "North West Wires", "Highland Grid",
        "Central Scotland Grid", "South East Networks", "Southern Networks", "South Wales Grid",
        "South West Wires", "Yorkshire Wires",
    ),
    "DE": ("Nordnetz", "Rheinische Netze", "Isar Netze", "Elbe Verteilnetz", "Hansenetz"),
    "ES": ("Redes del Norte", "Redes de Levante", "Distribuidora del Sur", "Redes del Ebro"),
    "DK": ("Nordnet Syd", "Øernes Net", "Jysk Elnet", "Sundnet"),
}  # fmt: skip
GAS_GRIDS = {
    "GB": "Island Gas Networks",
    "DE": "Gasnetz Nord",
    "ES": "Gas Redes Ibéricas",
    "DK": "Dansk Gasdistribution",
}
COMPETITORS = {
    "GB": ("GB-BRIGHT", "Brightside Power"),
    "DE": ("DE-STROMA", "Stroma Energie"),
    "ES": ("ES-SOLAZ", "Solaz Comercializadora"),
    "DK": ("DK-VINDKR", "Vindkraft Direkte"),
}
METERING = {
    "GB": ("GB-METER", "Albion Metering"),
    "DE": ("DE-MSB", "Messwerk"),
    "ES": ("ES-CONT", "Contadores Unidos"),
    "DK": ("DK-MAAL", "Målerservice"),
}
KWH_PER_CUBIC_METRE = 11.2


def external_id(country: str, division: str, n: int) -> str:
    """Return the market's identifier of the n-th point of delivery, check digit included."""
    if country == "GB":
        if division == "GAS":
            return f"{3 + n % 6}{scatter(n, 9)}"
        return mpan(f"{10 + n % len(GRIDS['GB'])}{scatter(n, 10)}")
    if country == "DE":
        first = 1 + n % 3 if division == "GAS" else 4 + n % 6
        return malo(f"{first}{scatter(n, 9)}")
    if country == "ES":
        grid = 217 if division == "GAS" else (21, 22, 26, 31)[n % 4]
        return cups(f"{grid:04d}{scatter(n, 12)}")
    return gsrn(f"571313{'2' if division == 'GAS' else '1'}{scatter(n, 10)}")


def services(
    country: str,
    division: str,
    n: int,
    *,
    own: tuple[str, str],
    start: date,
    end: date | None = None,
) -> list[dict[str, Any]]:
    """Return who provides what: the grid since ever, supply by us from `start` (to `end`)."""
    since = date(2010, 1, 1)
    names = GRIDS[country]
    if division == "GAS":
        grid = (f"{country}-GAS-GRID", GAS_GRIDS[country])
    else:
        grid = (f"{country}-GRID-{10 + n % len(names)}", names[n % len(names)])
    listed = [
        ("DISTRIBUTION", grid, since, None),
        ("METERING", METERING[country], since, None),
        ("SUPPLY", COMPETITORS[country], since, start),
        ("SUPPLY", own, start, end),
    ]
    return [
        {
            "TypeCode": kind,
            "ProviderCode": code,
            "ProviderName": name,
            "ValidFrom": valid_from.isoformat(),
            "ValidTo": valid_to.isoformat() if valid_to else None,
        }
        for kind, (code, name), valid_from, valid_to in listed
        if valid_to is None or valid_to > valid_from
    ]


def serial_number(country: str, division: str, n: int) -> str:
    """Return the number on the meter's plate, different for each n."""
    tail = scatter(n, 8)
    prefix = {
        ("GB", "ELECTRICITY"): "E21Z",
        ("GB", "GAS"): "G4A",
        ("DE", "ELECTRICITY"): "1EMH00",
        ("DE", "GAS"): "7GMT00",
        ("ES", "ELECTRICITY"): "0",
        ("ES", "GAS"): "G",
        ("DK", "ELECTRICITY"): "2",
        ("DK", "GAS"): "7",
    }[country, division]
    return prefix + tail


def registers(
    division: str, rate: str, annual_kwh: int, since: date, read_on: date
) -> list[dict[str, Any]]:
    """Return the counters of a meter with what they showed on `read_on`."""
    gas = division == "GAS"
    shares = [("ALL_DAY", 1.0)] if rate == "SINGLE" else [("DAY", 0.62), ("NIGHT", 0.38)]
    digits = 5 if gas or annual_kwh < 20_000 else 7
    units_a_year = annual_kwh / (KWH_PER_CUBIC_METRE if gas else 1)
    years = (read_on - since).days / 365
    return [
        {
            "RegisterID": f"{position:03d}",
            "RateTypeCode": rate_type,
            "UnitCode": "M3" if gas else "KWH",
            "Digits": digits,
            "Decimals": 0,
            "Factor": "1",
            "Reading": {
                "Date": read_on.isoformat(),
                "Value": str(int(units_a_year * years * share) % 10**digits),
                "ReasonCode": "MOVE_IN" if read_on == since else "PERIODIC",
            },
        }
        for position, (rate_type, share) in enumerate(shares, start=1)
    ]
