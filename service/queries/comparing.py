"""Why one bill is higher than another: what days explain, and what a day costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import BusinessAgreement
from billing_sync.models import Bill

_CENT = Decimal("0.01")
_LOOKED_AT = 13
"""A year's monthly bills, and the one of the same month a year before."""


@dataclass(frozen=True)
class BillOfDays:
    """A bill with what one of its days cost; `period_to` is the first day after its period."""

    bill: Bill

    @property
    def days(self) -> int:
        """The length of its period, at least one day."""
        return max((self.bill.period_to - self.bill.period_from).days, 1)

    @property
    def a_day(self) -> Decimal:
        """What a day cost, not rounded."""
        return self.bill.amount / self.days

    @property
    def a_day_shown(self) -> Decimal:
        """What a day cost, in whole cents."""
        return _rounded(self.a_day)


@dataclass(frozen=True)
class Difference:
    """
    A bill beside an earlier one: `by_days` and `by_day_price` are together the whole difference.

    `by_days` is what more or fewer days cost at the earlier price of a day. `by_day_price` is what
    the day itself cost more: use and price, which only the lines of the bill tell apart.
    """

    later: BillOfDays
    earlier: BillOfDays
    by_days: Decimal
    by_day_price: Decimal

    @property
    def whole(self) -> Decimal:
        """The later amount less the earlier one."""
        return self.by_days + self.by_day_price

    @property
    def more_days(self) -> int:
        """How many days more the later bill covers; negative: fewer."""
        return self.later.days - self.earlier.days


@dataclass(frozen=True)
class BillHistory:
    """The last bills of an agreement, oldest first, and the one asked about beside two others."""

    bills: list[BillOfDays]
    asked: BillOfDays
    before: Difference | None
    year_before: Difference | None


def difference_of(later: Bill, earlier: Bill) -> Difference:
    """Split the difference of two bills; each part is rounded so that the sum stays exact."""
    after, before = BillOfDays(later), BillOfDays(earlier)
    by_days = _rounded((after.days - before.days) * before.a_day)
    return Difference(after, before, by_days, later.amount - earlier.amount - by_days)


def history_of_bills(agreement: BusinessAgreement, number: str = "") -> BillHistory | None:
    """
    Read the last bills of an agreement and compare one with the bill before and the year before.

    :param number: the bill asked about; empty or unknown = the newest
    """
    newest = Bill.objects.filter(agreement=agreement).order_by("-period_to", "-id")[:_LOOKED_AT]
    bills = list(newest)[::-1]
    if not bills:
        return None
    place = next((n for n, bill in enumerate(bills) if bill.number == number), len(bills) - 1)
    asked = bills[place]
    same_month = (asked.period_from.year - 1, asked.period_from.month)
    year_before = next(
        (one for one in bills if (one.period_from.year, one.period_from.month) == same_month), None
    )
    return BillHistory(
        bills=[BillOfDays(bill) for bill in bills],
        asked=BillOfDays(asked),
        before=difference_of(asked, bills[place - 1]) if place else None,
        year_before=difference_of(asked, year_before) if year_before else None,
    )


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
