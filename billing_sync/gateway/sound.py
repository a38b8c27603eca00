"""
Whether the numbers and dates of an object are what they should be.

Bulk answers are read without the schema, which would refuse a whole page for one object. What the
schema says of each element's type is looked up once; PostgreSQL would take `NaN` for an amount.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

_FOLDER = Path(__file__).parent / "wsdl"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_DECIMAL = re.compile(r"[+-]?(\d{1,15}(\.\d{0,10})?|\.\d{1,10})\Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)
_KEPT_LENGTH = 40
_Check = Callable[[str], bool]


def trouble_with(found: Mapping[str, Any]) -> str:
    """Return what is wrong with the first number or date of an object that is none, or nothing."""
    impossible = _impossible(found, _checks())
    if impossible is None:
        return ""
    name, value = impossible
    return _("%(field)s: “%(value)s” is not possible.") % {"field": name, "value": value[:40]}


def _impossible(found: Mapping[str, Any], checks: Mapping[str, _Check]) -> tuple[str, str] | None:
    # Every element of a download comes through here: the plainest way is the fastest.
    for name, value in found.items():
        if isinstance(value, str):
            if value and name in checks and not _passes(name, value):
                return name, value
            continue
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, Mapping):
                impossible = _impossible(part, checks)
                if impossible is not None:
                    return impossible
    return None


def _passes(name: str, value: str) -> bool:
    # what is kept stays small, whatever somebody sends
    return _passed(name, value) if len(value) <= _KEPT_LENGTH else _checks()[name](value)


@lru_cache(maxsize=4096)
def _passed(name: str, value: str) -> bool:
    """Days and the numbers of registers come again and again."""
    return _checks()[name](value)


def _is_decimal(text: str) -> bool:
    return _DECIMAL.match(text) is not None


def _is_integer(text: str) -> bool:
    return _INTEGER.match(text) is not None


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text[:10]).year > 0
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).year > 0
    except ValueError:
        return False


_KINDS: dict[str, _Check] = {
    "decimal": _is_decimal,
    "integer": _is_integer,
    "nonNegativeInteger": _is_integer,
    "positiveInteger": _is_integer,
    "date": _is_date,
    "dateTime": _is_moment,
}


@cache
def _checks() -> dict[str, _Check]:
    """Return the check of every element that is a number or a date wherever it stands."""
    files = [etree.parse(file).getroot() for file in sorted(_FOLDER.glob("*.xsd"))]
    bases = {
        node.get("name"): _local(restriction.get("base", ""))
        for file in files
        for node in file.iter(f"{_XSD}simpleType")
        if node.get("name") and (restriction := node.find(f"{_XSD}restriction")) is not None
    }
    kinds: dict[str, set[str]] = {}
    for file in files:
        for node in file.iter(f"{_XSD}element"):
            kind = _local(node.get("type", ""))
            kinds.setdefault(str(node.get("name")), set()).add(bases.get(kind, kind))
    return {
        name: _KINDS[next(iter(found))]
        for name, found in kinds.items()
        if len(found) == 1 and next(iter(found)) in _KINDS
    }


def _local(name: str) -> str:
    return name.rpartition(":")[2]
