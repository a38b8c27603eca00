"""What the ERP last said about an agreement's money."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Account, BusinessAgreement
from billing_sync.models import Bill, DunningNotice, OpenItem, Standing
from billing_sync.models.copies import STALE_AFTER
from billing_sync.queries.invoices import listed_bills

BILLS_SHOWN = 12


@dataclass(frozen=True)
class StandingFigures:
    """Figures of one agreement with the time they were true; money in ``currency``."""

    agreement_id: int
    agreement_number: str
    currency: str
    balance: Decimal
    overdue: Decimal
    credit_score: int
    dunning_level: int
    dunning_procedure: str
    as_of: dt.datetime
    is_stale: bool
    bills: list[Bill]
    open_items: list[OpenItem]
    dunning_notices: list[DunningNotice]


def standing_for(subject: Account | BusinessAgreement) -> list[StandingFigures]:
    """
    Return the figures of an agreement, or of all agreements of an account, in five queries.

    Agreements of which the ERP has told nothing yet are left out.
    """
    wanted = (
        {"agreement__account": subject} if isinstance(subject, Account) else {"agreement": subject}
    )
    standings = list(
        Standing.objects.filter(**wanted).select_related("agreement").order_by("agreement_id")
    )
    bills = _by_agreement(Bill.objects.filter(**wanted).order_by("-issued_on", "-number"))
    _find_invoices(standings, bills)
    items = _by_agreement(OpenItem.objects.filter(**wanted).order_by("due_on", "pk"))
    notices = _by_agreement(DunningNotice.objects.filter(**wanted).order_by("-issued_on"))
    now = timezone.now()
    return [
        StandingFigures(
            agreement_id=standing.agreement_id,
            agreement_number=standing.agreement.number,
            currency=standing.currency,
            balance=standing.balance,
            overdue=standing.overdue,
            credit_score=standing.credit_score,
            dunning_level=standing.dunning_level,
            dunning_procedure=standing.dunning_procedure,
            as_of=standing.as_of,
            is_stale=now - standing.as_of > STALE_AFTER,
            bills=bills.get(standing.agreement_id, [])[:BILLS_SHOWN],
            open_items=items.get(standing.agreement_id, []),
            dunning_notices=notices.get(standing.agreement_id, []),
        )
        for standing in standings
    ]


def _find_invoices(standings: list[Standing], bills: dict[int, list[Bill]]) -> None:
    """Say of the bills that are shown in which invoicing run their copies can be opened."""
    shown = [bill for rows in bills.values() for bill in rows[:BILLS_SHOWN]]
    agreements = {one.agreement_id: one.agreement for one in standings}
    months = listed_bills(shown)
    for bill in shown:
        if bill.agreement_id in agreements:
            bill.agreement = agreements[bill.agreement_id]
            bill.invoice_month = months.get((bill.agreement_id, bill.number))


def _by_agreement(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.agreement_id].append(row)
    return grouped


def dunning_of(agreement: BusinessAgreement) -> dict[str, Any] | None:
    """
    Return how far an agreement's dunning has come, for whoever may not import this app.

    ``{"level", "overdue", "as_of"}`` as the ERP last told; None if it never did.
    """
    found = Standing.objects.filter(agreement=agreement).first()
    if found is None:
        return None
    return {"level": found.dunning_level, "overdue": found.overdue, "as_of": found.as_of}
