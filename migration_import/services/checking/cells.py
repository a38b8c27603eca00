"""A row under examination: its cells by our fields, and what is found wrong in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from migration_import.choices import BY_KEY, Severity
from migration_import.services.checking.values import clean, read_amount, read_count, read_date
from utilcrm.identifiers import InvalidIdentifier

LEFT_OUT = "-"
"""Stands for a value that says nothing: the field is as if it were empty."""

_MOST = {"term_months": 240, "expected_annual_kwh": 2_000_000_000, "meter_digits": 12}


class Problem(NamedTuple):
    """What is wrong at a row and column; column -1 is the whole row."""

    number: int
    column: int
    field: str
    severity: str
    code: str
    reason: str
    value: str


class OurProduct(NamedTuple):
    """What a contract with the product is checked by; on sale from the first day to the last's."""

    name: str
    division: str
    segment: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Terms:
    """What the cells of every row are read by: the tenant's, and the mapping's."""

    market: str
    region: str
    language: str
    mapping: Mapping[str, int]
    codes: Mapping[str, Mapping[str, str]]
    today: dt.date
    width: int
    products: Mapping[str, OurProduct]
    """By code."""

    meters_are_typed: bool

    @property
    def decimal_sign(self) -> str:
        """What people of the market write before decimals."""
        return "." if self.market == "GB" else ","


@dataclass
class Cells:
    """One row; every read of a field notes what is wrong with it, and answers None then."""

    number: int
    raw: Sequence[str]
    terms: Terms
    problems: list[Problem] = field(default_factory=list)

    def has(self, *keys: str) -> bool:
        """Whether any of the fields has a value."""
        return any(self._raw(key).strip() for key in keys)

    def fail(self, key: str, code: str, reason: object, *, severity: str = Severity.ERROR) -> None:
        """Note a problem at a field, once."""
        if any(one.field == key and one.code == code for one in self.problems):
            return
        column = self.terms.mapping.get(key, -1)
        self.problems.append(
            Problem(
                self.number, column, key, str(severity), code, str(reason), self._raw(key)[:200]
            )
        )

    def warn(self, key: str, code: str, reason: object) -> None:
        """Note what does not keep the row out."""
        self.fail(key, code, reason, severity=Severity.WARNING)

    def text(self, key: str) -> str:
        """Return a field's text; "" where it is empty, or longer than it may be."""
        try:
            value = clean(self._raw(key))
        except InvalidIdentifier as error:
            self.fail(key, "UNREADABLE", error.reason)
            return ""
        width = BY_KEY[key].width
        if len(value) > width:
            self.fail(
                key, "TOO_LONG", _("It has more than %(width)s characters.") % {"width": width}
            )
            return ""
        return value

    def needed(self, key: str) -> str:
        """Return a field's text that must not be empty."""
        had = len(self.problems)
        value = self.text(key)
        if not value and len(self.problems) == had:
            self.fail(key, "MISSING", _("It is empty, and every row needs it."))
        return value

    def code(self, key: str) -> str:
        """Return our code for a field's value; "" where it is empty or unknown."""
        value = self.text(key)
        if not value:
            return ""
        ours = self.terms.codes.get(key, {}).get(value, "")
        if ours == LEFT_OUT:
            return ""
        if not ours:
            self.fail(
                key,
                "CODE_UNKNOWN",
                _("Nobody said what “%(value)s” stands for.") % {"value": value},
            )
        return ours

    def day(self, key: str) -> dt.date | None:
        """Return a field's day."""
        return self._read(key, read_date)

    def count(self, key: str) -> int | None:
        """Return a field's whole number."""
        sign, most = self.terms.decimal_sign, _MOST[key]
        return self._read(key, lambda text: read_count(text, decimal_sign=sign, most=most))

    def amount(self, key: str) -> Decimal | None:
        """Return a field's number."""
        sign = self.terms.decimal_sign
        return self._read(key, lambda text: read_amount(text, decimal_sign=sign))

    def checked(self, key: str, check: Any) -> Any:
        """Return what a check of `utilcrm.identifiers` makes of a field; None where it is empty."""
        return self._read(key, check, code="INVALID")

    def _read(self, key: str, read: Any, *, code: str = "UNREADABLE") -> Any:
        value = self.text(key)
        if not value:
            return None
        try:
            return read(value)
        except InvalidIdentifier as error:
            self.fail(key, code, error.reason)
            return None

    def _raw(self, key: str) -> str:
        column = self.terms.mapping.get(key)
        if column is None or column >= len(self.raw):
            return ""
        return str(self.raw[column])
