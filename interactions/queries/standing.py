"""An account's money at a glance: its agreements' figures taken together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import Account
from billing_sync.models import Bill, DunningNotice, OpenItem
from billing_sync.queries import standing_for


@dataclass(frozen=True)
class AccountStanding:
    """
    What the ERP last said about an account; amounts in `currency`, `None` before it said anything.

    Nothing is calculated that the ERP would calculate: balances of the agreements are added, the
    worst dunning level and credit score and the oldest "as of" are shown.
    """

    currency: str = ""
    balance: Decimal | None = None
    overdue: Decimal | None = None
    credit_score: int | None = None
    dunning_level: int = 0
    as_of: dt.datetime | None = None
    is_stale: bool = False
    bills: list[Bill] = field(default_factory=list)
    open_items: list[OpenItem] = field(default_factory=list)
    dunning_notices: list[DunningNotice] = field(default_factory=list)


MOST_BILLS = 12


def account_standing(account: Account, *, erp_is_away: bool = False) -> AccountStanding:
    """Read an account's figures; `erp_is_away` marks them as the last known ones."""
    figures = standing_for(account)
    if not figures:
        return AccountStanding(is_stale=erp_is_away)
    bills = [bill for one in figures for bill in one.bills]
    notices = [notice for one in figures for notice in one.dunning_notices]
    return AccountStanding(
        currency=figures[0].currency,
        balance=sum((one.balance for one in figures), Decimal(0)),
        overdue=sum((one.overdue for one in figures), Decimal(0)),
        credit_score=min(one.credit_score for one in figures),
        dunning_level=max(one.dunning_level for one in figures),
        as_of=min(one.as_of for one in figures),
        is_stale=erp_is_away or any(one.is_stale for one in figures),
        bills=sorted(bills, key=lambda bill: bill.issued_on, reverse=True)[:MOST_BILLS],
        open_items=[item for one in figures for item in one.open_items],
        dunning_notices=sorted(notices, key=lambda notice: notice.issued_on, reverse=True),
    )
