"""Devices and installations of the clients whose meters are devices of the house."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.erp.book import market
from sandbox.erp.book.store import Row

if TYPE_CHECKING:
    from sandbox.erp.book.builder import Builder

MONTHS_OF_READINGS = 24
MONTHS_SINCE_REPLACED = 8
REPLACED_EVERY = 40
"""One in so many electricity meters took the place of another one."""
SWING = {"ELECTRICITY": 0.05, "GAS": 0.12}
"""How much more is used in winter: the amplitude of the year's swing, in years."""
MAKERS = {
    "ELECTRICITY": (("MT174-D", "Iskraemeco"), ("E450-S4", "Landis+Gyr"), ("L3000", "ZIV")),
    "GAS": (("BK-G4", "Elster"), ("U8-G6", "Itron")),
}
STOCK = (("ELECTRICITY", "SINGLE", 16), ("ELECTRICITY", "DOUBLE", 8), ("GAS", "SINGLE", 8))
"""Division, rate and number of the devices that hang nowhere."""


def install(
    builder: "Builder", pod: Row, *, installation: str, rate: str, annual_kwh: int, start: date
) -> Row:
    """Hang a device at a point of delivery, now and then in the place of another one."""
    n = len(builder.rows["device"]) + 1
    division = pod["division"]
    since = min(start, builder.month_start - timedelta(days=31 * MONTHS_OF_READINGS))
    place: Row = {
        "pod_id": pod["id"],
        "installation_id": installation,
        "logical_number": builder.number("logical_device"),
    }
    use: Row = {"annual_kwh": annual_kwh, "rate": rate}
    if division == "GAS" or n % REPLACED_EVERY != 1:
        return _hang(builder, n, division, since=since, place=place, **use)
    replaced = _months_before(builder.month_start, MONTHS_SINCE_REPLACED) + timedelta(days=11)
    _hang(builder, n, division, since=since, until=replaced, place=place, **use)
    return _hang(builder, n + 1, division, since=replaced, place=place, **use)


def bill(
    builder: "Builder", pod: Row, number: str, *, role: str, segment: str, device: Row
) -> None:
    """Add the installation in which a device is billed."""
    division = "GAS" if pod["division"] == "GAS" else "EL"
    kind = "N" if role == "GRID_USAGE" else "2" if device["rate"] == "DOUBLE" else "1"
    builder.add(
        "installation",
        id=number,
        pod_id=pod["id"],
        role=role,
        rate_category=f"{division}-{segment}-{kind}",
        valid_from=device["valid_from"],
    )


def fill_stock(builder: "Builder") -> None:
    """Add devices that wait to be installed."""
    for division, rate, count in STOCK:
        for _one in range(count):
            n = len(builder.rows["device"]) + 1
            device = _device(builder, n, division, rate)
            device["registers"] = _registers(division, rate, usage=0)


def _hang(
    builder: "Builder", n: int, division: str, *, since: date, until: date | None = None,
    place: Row, annual_kwh: int, rate: str,
) -> Row:  # fmt: skip
    days = list(_reading_days(builder, since, until))
    device = _device(builder, n, division, rate)
    end = until.isoformat() if until else None
    device |= place | {
        "valid_from": since.isoformat(),
        "valid_to": end,
        "billing_from": since.isoformat(),
        "billing_to": end,
        "registers": _registers(
            division, rate, usage=annual_kwh, since=since, days=days, until=until
        ),
    }
    return device


def _device(builder: "Builder", n: int, division: str, rate: str) -> Row:
    material, maker = MAKERS[division][n % len(MAKERS[division])]
    return builder.add(
        "device",
        id=builder.number("device"),
        serial=market.serial_number(builder.client.country, division, n),
        rate=rate,
        division=division,
        material=material,
        manufacturer=maker,
        certified_until=date(builder.today.year + 1 + n % 8, 12, 31).isoformat(),
        former=[],
    )


def _registers(
    division: str, rate: str, *, usage: int, since: date | None = None,
    days: list[date] | None = None, until: date | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    gas = division == "GAS"
    shares = [("ALL_DAY", 1.0)] if rate == "SINGLE" else [("DAY", 0.62), ("NIGHT", 0.38)]
    digits = 5 if gas or usage < 20_000 else 7
    a_year = usage / (market.KWH_PER_CUBIC_METRE if gas else 1)
    found = []
    for position, (rate_type, share) in enumerate(shares, start=1):
        readings = [
            {
                "Date": day.isoformat(),
                "Value": str(
                    int(a_year * share * _years(since, day, SWING[division])) % 10**digits
                ),
                "ReasonCode": _reason(day, since, until),
            }
            for day in days or ()
            if since is not None
        ]
        found.append(
            {
                "RegisterID": f"{position:03d}",
                "RateTypeCode": rate_type,
                "UnitCode": "M3" if gas else "KWH",
                "Digits": digits,
                "Decimals": 0,
                "Factor": "1",
                "Reading": readings[-1] if readings else None,
                "FormerReading": readings[:-1],
            }
        )
    return found


def _reason(day: date, since: date | None, until: date | None) -> str:
    if day == since:
        return "INSTALLATION"
    return "REMOVAL" if day == until else "PERIODIC"


def _reading_days(builder: "Builder", since: date, until: date | None) -> Iterator[date]:
    """Return the first of each of the last months, the first day, and the last."""
    yield since
    for months in range(MONTHS_OF_READINGS, -1, -1):
        day = _months_before(builder.month_start, months)
        if since < day < (until or date.max):
            yield day
    if until:
        yield until


def _months_before(month_start: date, months: int) -> date:
    index = month_start.year * 12 + month_start.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _years(since: date, day: date, swing: float) -> float:
    """Return years' worth of use between two days: more of it lies in the winter."""

    def so_far(moment: date) -> float:
        return moment.toordinal() / 365.25 + swing * math.sin(
            2 * math.pi * (moment.toordinal() - date(2020, 1, 15).toordinal()) / 365.25
        )

    return so_far(day) - so_far(since)
