"""Where an instalment lies in the range that the ERP gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import BusinessAgreement
from billing_sync.models import BudgetPlan, BudgetPlanChange


@dataclass(frozen=True)
class Mark:
    """An amount on the bar; `at` is its place in per cent of the bar's length."""

    amount: Decimal
    at: Decimal


@dataclass(frozen=True)
class RangeBar:
    """The allowed range, and what lies where on it (an amount paid now may lie outside)."""

    least: Mark
    most: Mark
    proposed: Mark
    current: Mark | None

    @property
    def width(self) -> Decimal:
        """The length of the allowed part, in per cent."""
        return self.most.at - self.least.at


def range_bar(plan: BudgetPlan) -> RangeBar:
    """Place a plan's amounts on a bar that has room for all of them."""
    amounts = [plan.least, plan.most, plan.proposed]
    if plan.amount is not None:
        amounts.append(plan.amount)
    start, end = min(amounts), max(amounts)
    span = end - start or Decimal(1)

    def mark(amount: Decimal) -> Mark:
        # the ends keep a little room, so that every mark can be seen whole
        return Mark(amount, round(3 + (amount - start) / span * 94, 1))

    return RangeBar(
        least=mark(plan.least),
        most=mark(plan.most),
        proposed=mark(plan.proposed),
        current=mark(plan.amount) if plan.amount is not None else None,
    )


def last_change(agreement: BusinessAgreement) -> BudgetPlanChange | None:
    """Return the last change of instalments that was asked for."""
    return BudgetPlanChange.objects.filter(agreement=agreement).order_by("-id").first()
