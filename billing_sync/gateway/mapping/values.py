"""How single values are written in messages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def without_blanks(**parts: Any) -> dict[str, Any]:
    """Return the parts that say something; the XSD knows absent elements, but no empty ones."""
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}


def decimal(value: Decimal | int | None) -> str | None:
    """Write a number in full, without exponent and without trailing noughts."""
    if value is None:
        return None
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: dt.date | None) -> str | None:
    """Write a date."""
    return value.isoformat() if value else None


def moment(value: dt.datetime | None) -> str | None:
    """Write a time in UTC, to the second."""
    if value is None:
        return None
    return value.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def reference(own: uuid.UUID, erp_number: str) -> Mapping[str, str]:
    """Name an object by our UUID and, once known, by the ERP's number."""
    return without_blanks(InternalID=erp_number, ExternalReference=str(own))
