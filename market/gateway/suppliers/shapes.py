"""A report in our own words, and what a supplier's inbox can be asked."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from access.choices import SegmentCode
from premises.choices import Division
from utilcrm.soap import FailureKind, SoapFailure

__all__ = ["FailureKind", "Forecast", "ForecastLine", "Inbox", "Login", "Receipt"]

COMMODITIES: dict[str, str] = {Division.ELECTRICITY: "POWER", Division.GAS: "GAS"}
CUSTOMER_GROUPS: dict[str, str] = {
    SegmentCode.RESIDENTIAL: "HOUSEHOLD",
    SegmentCode.CORPORATE: "BUSINESS",
}

SupplierFailure = SoapFailure
"""A call that did not succeed, in one of the four classes; REST and SOAP tell them alike."""


@dataclass(frozen=True)
class Login:
    """Where a supplier takes reports, and who we are there; times are seconds."""

    url: str
    username: str
    password: str
    connect_timeout: float
    read_timeout: float


@dataclass(frozen=True)
class ForecastLine:
    """One month of one agreement: points of delivery on its last day, and expected kWh."""

    agreement: str
    division: str
    segment: str
    month: dt.date
    points: int
    expected_kwh: Decimal

    @property
    def commodity(self) -> str:
        """POWER or GAS."""
        return COMMODITIES[self.division]

    @property
    def group(self) -> str:
        """HOUSEHOLD or BUSINESS."""
        return CUSTOMER_GROUPS[self.segment]

    @property
    def year_month(self) -> str:
        """The month as 2026-12."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True)
class Forecast:
    """A report as it goes out; `month` is the first day of the month that it is made in."""

    customer_number: str
    month: dt.date
    revision: int
    lines: tuple[ForecastLine, ...]

    @property
    def year_month(self) -> str:
        """The month as 2026-12."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True)
class Receipt:
    """The supplier's number for a report that it has taken."""

    number: str


class Inbox(Protocol):
    """Where a supplier takes reports; every method may raise ``SupplierFailure``."""

    def submit(self, message_id: uuid.UUID, forecast: Forecast) -> Receipt:
        """Hand a report over; the same id twice has one effect and gives the same receipt."""

    def receipt_of(self, message_id: uuid.UUID) -> Receipt | None:
        """Ask what became of a report; None if the supplier has never seen it."""
