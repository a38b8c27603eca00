"""Plans of monthly instalments (budget billing), worked out from what is supplied now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sandbox.erp.book.builder import PRICE_PER_KWH
from sandbox.erp.book.store import Row
from sandbox.erp.financials import month_start
from sandbox.erp.office import Office

STEP = {"GBP": Decimal(1), "EUR": Decimal(1), "DKK": Decimal(10)}
LEAST, MOST = Decimal("0.8"), Decimal("1.5")
"""Shares of the expected cost of a month between which an instalment may lie."""
DAYS_AHEAD = 5
"""The instalment of a month that begins within so many days is on its way to the bank."""


@dataclass(frozen=True)
class Plan:
    """The instalments of one contract account; amounts gross, per month."""

    account_id: str
    currency: str
    current: Decimal | None
    proposed: Decimal
    least: Decimal
    most: Decimal
    step: Decimal
    annual_kwh: int
    next_due: date

    def proposal(self) -> dict[str, Any]:
        """Return the `BudgetBillingPlanProposal`."""
        return {
            "ContractAccountID": self.account_id,
            "AsOfDateTime": datetime.now(UTC),
            "CurrencyCode": self.currency,
            "CurrentAmount": self.current,
            "ProposedAmount": self.proposed,
            "MinimumAmount": self.least,
            "MaximumAmount": self.most,
            "StepAmount": self.step,
            "ExpectedAnnualConsumption": self.annual_kwh,
            "NextDueDate": self.next_due,
        }


def plan_of(office: Office, account: Row) -> Plan | None:
    """Return the plan of an account, or None when nothing is supplied on it."""
    today = office.today()
    supplies = office.store.all(
        "SELECT division, annual_kwh FROM contract WHERE ca_id = ? AND role = 'SUPPLY'"
        " AND coalesce(end_date, '9999') > ?",
        account["id"],
        today.isoformat(),
    )
    prices = PRICE_PER_KWH[office.client.currency]
    kwh = [(one["division"], int(float(one["annual_kwh"] or 0))) for one in supplies]
    month = sum((Decimal(amount) * Decimal(str(prices[one])) for one, amount in kwh), Decimal(0))
    if not month:
        return None
    step = STEP[office.client.currency]

    def stepped(amount: Decimal) -> Decimal:
        return (amount / step).quantize(Decimal(1), ROUND_CEILING) * step

    month /= 12
    current = account["budget_amount"] or (account["monthly_base"] or 0)
    return Plan(
        account_id=account["id"],
        currency=office.client.currency,
        current=Decimal(current).scaleb(-2) if account["budget_billing"] and current else None,
        proposed=stepped(month),
        least=stepped(month * LEAST),
        most=stepped(month * MOST),
        step=step,
        annual_kwh=sum(amount for _division, amount in kwh),
        next_due=next_due(today),
    )


def next_due(today: date) -> date:
    """Return the first day of a month whose instalment can still be changed."""
    following = month_start(today, -1)
    return following if (following - today).days > DAYS_AHEAD else month_start(today, -2)
