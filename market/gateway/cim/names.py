"""
Names and codes of the data hub's language, and what they mean in ours.

Source: the public CIM documents and code lists of the Danish data hub (document, business reason,
connection state and reason codes), and its way to peek and dequeue.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

from market.choices import ClaimReason, EndReason

SCHEMA = Path(__file__).parent / "cim.xsd"
ZONE = ZoneInfo("Europe/Copenhagen")
"""A day of the market begins at midnight here; the documents say so in UTC."""

XML = {"Content-Type": "application/xml", "Accept": "application/xml"}
CATEGORIES = ("masterdata", "timeseries")
"""Our queues there; each is read in its own order."""

GS1 = "A10"
VAT, PERSONAL = "VAT", "ARR"
"""Coding schemes: points and parties, companies, persons."""

ELECTRICITY = "23"
SUPPLIER, HUB = "DDQ", "DDZ"
ACCEPTED = "A01"

MEASURE = "measure"
STRUCTURE = "structure"

CLAIMS = {ClaimReason.SWITCH: "E03", ClaimReason.MOVE_IN: "E65", ClaimReason.REACTIVATION: "D36"}
INITIAL = "E0G"
"""Business reasons of a claim; a load of history is an alignment of data."""

END_OF_SUPPLY, MOVE_OUT = "E20", "E66"
CANCELLED = "E05"
CONNECTION, METER = "E79", "E67"
MASTER_DATA = "E32"
READING = "D19"
LOST = {"E03", "E01", "E65", "D31", "D13", "E06"}
"""Business reasons under which the hub tells a supplier that another one delivers."""

ENDED = {END_OF_SUPPLY, MOVE_OUT}
"""Those under which it tells of an end that the supplier has asked for."""

CONTRACT_TERMINATION, CANCELLATION_OF_NOTICE = "E44", "E78"
"""Kinds of generic notifications: a supply ends, or a notice of that is taken back."""

STATES = {
    "E22": "CONNECTED",
    "E23": "DISCONNECTED",
    "D03": "INACTIVE",
    "E30": "INACTIVE",
    "D02": "DECOMMISSIONED",
    "E31": "DECOMMISSIONED",
}
CONNECTED, DISCONNECTED = "E22", "E23"

UNITS = {"KWH": "KWH", "M3": "MTQ"}
OUR_UNITS = {name: unit for unit, name in UNITS.items()}

_CASE = re.compile(r"([0-9a-f]{32})([0-9a-v]{4})")
_EPOCH = dt.date(2000, 1, 1)
_DIGITS = "0123456789abcdefghijklmnopqrstuv"


def namespace(document: str) -> str:
    """Return the namespace of a document, which is made of its name."""
    base = document.removesuffix("_MarketDocument")
    kind = MEASURE if base.endswith("MeasureData") else STRUCTURE
    return f"urn:ediel.org:{kind}:{base.lower()}:0:1"


def end_code(reason: EndReason) -> str:
    """
    Return the business reason of an end.

    The hub tells a customer who moves out from all others and asks for no more.
    """
    return MOVE_OUT if reason == EndReason.MOVE_OUT else END_OF_SUPPLY


def case_with_day(correlation_id: uuid.UUID, day: dt.date) -> str:
    """
    Return the reference of a case that begins on a day, in the 36 characters that there are.

    The hub's confirmation repeats the case and not the day: so the case says it itself.
    """
    number = (day - _EPOCH).days % 32**4
    digits = "".join(_DIGITS[number >> shift & 31] for shift in (15, 10, 5, 0))
    return f"{correlation_id.hex}{digits}"


def read_case(said: str) -> tuple[str, dt.date | None]:
    """Return the id of a case, and its day if the reference has one."""
    found = _CASE.fullmatch(said.lower())
    if found is None:
        return said.lower(), None
    number = int(found[2], 32)
    return str(uuid.UUID(found[1])), _EPOCH + dt.timedelta(days=number)


def begin_of(day: dt.date) -> str:
    """Return the moment at which a day of the market begins, in UTC."""
    moment = dt.datetime.combine(day, dt.time(), ZONE).astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(moment: str) -> dt.date:
    """Return the day of the market on which a moment lies."""
    return dt.datetime.fromisoformat(moment).astimezone(ZONE).date()
