"""Names and codes of the hub's language. Written here a second time, as an outside system would."""

import functools
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

SCHEMA = Path(__file__).parents[3] / "market" / "gateway" / "cim" / "cim.xsd"
"""The agreed schema: both sides have a copy, and here it is the same file."""

ZONE = ZoneInfo("Europe/Copenhagen")
XS = "http://www.w3.org/2001/XMLSchema"
CODES = {
    "PLACE_NOT_FOUND": "E10",
    "PLACE_AMBIGUOUS": "E09",
    "PLACE_DECOMMISSIONED": "D16",
    "PLACE_INACTIVE": "D16",
    "START_TOO_FAR_BACK": "E17",
    "START_TOO_FAR_AHEAD": "E17",
    "SWITCH_IN_PROGRESS": "E22",
    "ALREADY_SUPPLIED": "E59",
    "NOT_YOUR_SUPPLY": "E16",
    "CLAIM_NOT_FOUND": "D06",
    "ALREADY_STARTED": "E47",
    "NOTICE_NOT_FOUND": "D38",
    "END_TOO_EARLY": "E17",
    "END_TOO_FAR_BACK": "E17",
    "REASON_MISSING": "D64",
    "ALREADY_CUT": "E81",
    "NOT_CUT": "D16",
}
"""Reason codes of the hub for the words of the rules."""

ERRORS = {
    "MALFORMED": "00302",
    "SCHEMA_INVALID": "00302",
    "AUTHOR_MISMATCH": "00002",
    "MESSAGE_ID_REUSED": "00101",
}
STATES = {"CONNECTED": "E22", "DISCONNECTED": "E23", "INACTIVE": "D03", "DECOMMISSIONED": "D02"}
REASONS = {"E03": "SWITCH", "E65": "MOVE_IN", "D36": "REACTIVATION", "E0G": "SWITCH"}
UNITS = {"KWH": "KWH", "M3": "MTQ"}


def namespace(base: str) -> str:
    """Return the namespace of a document by its name without `_MarketDocument`."""
    kind = "measure" if base.endswith("MeasureData") else "structure"
    return f"urn:ediel.org:{kind}:{base.lower()}:0:1"


@functools.cache
def schema(base: str) -> etree.XMLSchema:
    """Return the schema of a document."""
    root = etree.Element(f"{{{XS}}}schema", targetNamespace=namespace(base))
    root.set("elementFormDefault", "qualified")
    etree.SubElement(root, f"{{{XS}}}include", schemaLocation=SCHEMA.as_uri())
    return etree.XMLSchema(root)


def begin_of(day: str) -> str:
    """Return the moment at which a day of the market begins, in UTC."""
    moment = datetime.combine(date.fromisoformat(day), time(), ZONE).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(moment: str) -> date:
    """Return the day of the market on which a moment lies."""
    return datetime.fromisoformat(moment).astimezone(ZONE).date()
