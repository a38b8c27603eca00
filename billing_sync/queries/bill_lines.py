"""What a bill consists of, as the ERP has told it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing_sync.models import Bill


@dataclass(frozen=True)
class BillLine:
    """
    One line of a bill; all of them together are its amount.

    `quantity` is in days for a standing charge, in kWh for energy; `price` is what one of them
    costs, net. Taxes have neither. `ends_on` is the first day that it does not cover.
    """

    kind: str
    description: str
    amount: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


def lines_of(bill: Bill) -> list[BillLine]:
    """Return the lines of a bill; none while they are not known, or belong to another amount."""
    lines = [_line(one) for one in bill.lines or ()]
    return lines if add_up(lines, bill) else []


def add_up(lines: list[BillLine], bill: Bill) -> bool:
    """Tell whether lines are the whole bill."""
    return bool(lines) and sum((one.amount for one in lines), Decimal(0)) == bill.amount


def _line(stored: dict[str, Any]) -> BillLine:
    def number(name: str) -> Decimal | None:
        return Decimal(stored[name]) if stored.get(name) else None

    def day(name: str) -> dt.date | None:
        return dt.date.fromisoformat(stored[name]) if stored.get(name) else None

    return BillLine(
        kind=stored["kind"],
        description=stored["description"],
        amount=Decimal(stored["amount"]),
        quantity=number("quantity"),
        price=number("price"),
        starts_on=day("starts_on"),
        ends_on=day("ends_on"),
    )
