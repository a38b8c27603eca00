"""Read what a cell says: dates, counts and amounts as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from utilcrm.identifiers import InvalidIdentifier

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_THOUSANDS = {",": re.compile(r"[1-9]\d{0,2}(,\d{3})+"), ".": re.compile(r"[1-9]\d{0,2}(\.\d{3})+")}
_EXCEL_FAULTS = frozenset({"#N/A", "#NV", "#REF!", "#VALUE!", "#WERT!", "#DIV/0!", "#NAME?"})


def clean(text: str) -> str:
    """
    Return a cell's text with single spaces.

    :raises InvalidIdentifier: if the spreadsheet could not calculate it
    """
    value = " ".join(text.split())
    if value in _EXCEL_FAULTS:
        raise InvalidIdentifier("FORMAT", _("The spreadsheet could not calculate this cell."))
    return value


def read_date(text: str) -> dt.date:
    """
    Return a day: 2026-01-31, 31.01.2026, 31/01/2026 or 20260131.

    :raises InvalidIdentifier: if it is none
    """
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    parts = found.groups() if found else None
    if parts is None and (found := _DAY_FIRST.fullmatch(text)):
        parts = found.groups()[::-1]
    try:
        if parts is None:
            raise ValueError
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        raise InvalidIdentifier(
            "FORMAT",
            _("“%(value)s” is no date, such as 31.01.2026 or 2026-01-31.") % {"value": text},
        ) from None


def read_amount(text: str, *, decimal_sign: str) -> Decimal:
    """
    Return a number; `decimal_sign` decides where "1.234" could be either.

    :raises InvalidIdentifier: if it is none
    """
    value = text.replace(" ", "").replace("'", "")
    if "," in value and "." in value:
        last = max(value.rfind(","), value.rfind("."))
        thousands = "," if value[last] == "." else "."
        value = value.replace(thousands, "").replace(",", ".")
    elif "," in value or "." in value:
        sign = "," if "," in value else "."
        is_grouped = sign != decimal_sign and _THOUSANDS[sign].fullmatch(value)
        value = value.replace(sign, "" if is_grouped else ".")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InvalidIdentifier("FORMAT", _("“%(value)s” is no number.") % {"value": text})
    return number


def read_count(text: str, *, decimal_sign: str, most: int) -> int:
    """
    Return a whole number from 0 to `most`.

    :raises InvalidIdentifier: if it is none
    """
    number = read_amount(text, decimal_sign=decimal_sign)
    if number != number.to_integral_value() or not 0 <= number <= most:
        raise InvalidIdentifier(
            "FORMAT",
            _("“%(value)s” is no whole number from 0 to %(most)s.") % {"value": text, "most": most},
        )
    return int(number)
