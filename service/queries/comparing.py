"""Why one bill is higher than another: days, use, price, and what comes on top."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import BusinessAgreement
from billing_sync.choices import BillLineKind
from billing_sync.models import Bill
from billing_sync.queries.bill_lines import BillLine, lines_of

_CENT = Decimal("0.01")
_LOOKED_AT = 13
"""A year's monthly bills, and the one of the same month a year before."""


@dataclass(frozen=True)
class BillOfDays:
    """A bill with what one of its days cost and used."""

    bill: Bill
    lines: list[BillLine]

    @property
    def days(self) -> int:
        """The length of its period, at least one day."""
        return max((self.bill.period_to - self.bill.period_from).days, 1)

    @property
    def a_day(self) -> Decimal:
        """What a day cost, in whole cents."""
        return _rounded(self.bill.amount / self.days)

    @property
    def kwh(self) -> Decimal:
        """What was used."""
        energy = (line for line in self.lines if line.kind == BillLineKind.ENERGY)
        return sum((line.quantity or Decimal(0) for line in energy), Decimal(0))

    @property
    def kwh_a_day(self) -> Decimal:
        """What was used on a day, in kWh."""
        return (self.kwh / self.days).quantize(Decimal("0.1"))

    @property
    def supply(self) -> Decimal:
        """What energy and standing charge cost, net."""
        return self._sum(BillLineKind.ENERGY) + self._sum(BillLineKind.STANDING_CHARGE)

    @property
    def kwh_price(self) -> Decimal | None:
        """What a kWh cost on average, net, not rounded; None if nothing was used."""
        return self._price(BillLineKind.ENERGY, self.kwh)

    @property
    def price(self) -> Decimal | None:
        """What a kWh cost on average, net, as it is shown."""
        return self.kwh_price.quantize(Decimal("0.0001")) if self.kwh_price is not None else None

    @property
    def day_price(self) -> Decimal:
        """What a day's standing charge cost, net, not rounded."""
        return self._price(BillLineKind.STANDING_CHARGE, Decimal(self.days)) or Decimal(0)

    @property
    def rest(self) -> Decimal:
        """Taxes, and whatever else is on it."""
        return self.bill.amount - self.supply

    def _sum(self, kind: str) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == kind), Decimal(0))

    def _price(self, kind: str, quantity: Decimal) -> Decimal | None:
        """Return the price of a kind; one that stands on the only line is free of rounding."""
        prices = {line.price for line in self.lines if line.kind == kind}
        if len(prices) == 1 and (only := prices.pop()) is not None:
            return only
        return self._sum(kind) / quantity if quantity else None


@dataclass(frozen=True)
class Difference:
    """
    A bill beside an earlier one; the parts are together the whole difference, to the cent.

    `by_days` is what more or fewer days cost at the earlier cost of a day, `by_price` what other
    prices have made of the later use, `by_use` what is left of energy and standing charge: more or
    less use a day at the earlier price. `by_rest` is taxes and the like. Where the lines of one of
    the bills are not known, `by_use` is None and `by_price` is all that days do not explain.
    """

    later: BillOfDays
    earlier: BillOfDays
    by_days: Decimal
    by_use: Decimal | None
    by_price: Decimal
    by_rest: Decimal

    @property
    def whole(self) -> Decimal:
        """The later amount less the earlier one."""
        return self.later.bill.amount - self.earlier.bill.amount

    @property
    def size(self) -> Decimal:
        """The difference without its sign."""
        return abs(self.whole)

    @property
    def more_days(self) -> int:
        """How many days more the later bill covers; negative: fewer."""
        return self.later.days - self.earlier.days

    @property
    def has_lines(self) -> bool:
        """Whether use and price can be told apart."""
        return self.by_use is not None

    @property
    def main(self) -> str:
        """The part that explains most of the difference: DAYS, USE, PRICE, REST, or "" if none."""
        parts = {"DAYS": self.by_days, "PRICE": self.by_price, "REST": self.by_rest}
        if self.by_use is not None:
            parts["USE"] = self.by_use
        name = max(parts, key=lambda one: parts[one] * (1 if self.whole > 0 else -1))
        return name if self.whole and self.has_lines else ""


@dataclass(frozen=True)
class BillHistory:
    """The last bills of an agreement, oldest first, and the one asked about with two others."""

    bills: list[Bill]
    asked: Bill
    before: Bill | None
    year_before: Bill | None

    @property
    def compared(self) -> list[Bill]:
        """The bills that a comparison is about."""
        return [one for one in (self.asked, self.before, self.year_before) if one]

    @property
    def days(self) -> list[BillOfDays]:
        """All of them, with what a day cost."""
        return [BillOfDays(bill, []) for bill in self.bills]

    def differences(self) -> list[Difference]:
        """Compare the bill asked about with the one before and the one a year before."""
        return [difference_of(self.asked, one) for one in self.compared[1:]]


def difference_of(later: Bill, earlier: Bill) -> Difference:
    """Split the difference of two bills; each part is rounded so that the sum stays exact."""
    after, before = BillOfDays(later, lines_of(later)), BillOfDays(earlier, lines_of(earlier))
    more_days = after.days - before.days
    if not (after.lines and before.lines):
        by_days = _rounded(more_days * earlier.amount / before.days)
        by_price = later.amount - earlier.amount - by_days
        return Difference(after, before, by_days, None, by_price, Decimal(0))
    by_days = _rounded(more_days * before.supply / before.days)
    by_price = _by_price(after, before)
    by_use = after.supply - before.supply - by_days - by_price
    return Difference(after, before, by_days, by_use, by_price, after.rest - before.rest)


def history_of_bills(agreement: BusinessAgreement, number: str = "") -> BillHistory | None:
    """
    Read the last bills of an agreement, the one asked about among them.

    :param number: the bill asked about; empty or unknown = the newest
    """
    rows = Bill.objects.filter(agreement=agreement).select_related("agreement")
    bills = list(rows.order_by("-period_to", "-id")[:_LOOKED_AT])[::-1]
    if not bills:
        return None
    place = next((n for n, bill in enumerate(bills) if bill.number == number), len(bills) - 1)
    asked = bills[place]
    same_month = (asked.period_from.year - 1, asked.period_from.month)
    before = bills[place - 1] if place else None
    year_before = next(
        (one for one in bills if (one.period_from.year, one.period_from.month) == same_month), None
    )
    return BillHistory(bills, asked, before, None if year_before == before else year_before)


def _by_price(after: BillOfDays, before: BillOfDays) -> Decimal:
    """Return what other prices have made of the later use and days."""
    a_kwh = Decimal(0)
    if after.kwh_price is not None and before.kwh_price is not None:
        a_kwh = after.kwh_price - before.kwh_price
    return _rounded(after.kwh * a_kwh + after.days * (after.day_price - before.day_price))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
