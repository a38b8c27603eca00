"""Until when customers may withdraw, and by when a final bill is owed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.choices import ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem
from utilcrm import clock
from utilcrm.deadlines import Deadline, Source

FINAL_BILL_DAYS = 42
"""Days after the last day of supply: Ofgem's supply licence, condition 27.17 (six weeks)."""

LOOKED_BACK = dt.timedelta(days=365)
"""What ended longer ago is an arrear of the books, not a deadline."""


class Withdrawals(Source):
    """Contracts that can still be withdrawn. Nobody has to act; then they are safe."""

    key = "contracts.withdrawal"
    label = _("Withdrawal periods")
    permission = "contracts.view_contract"
    due = "withdrawal_until"
    is_day = True
    is_ours = False

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what is signed and can be withdrawn today."""
        rows: QuerySet[Contract] = Contract.objects.visible_to(user)
        return rows.filter(
            withdrawal_until__gte=clock.today(),
            status__in=[ContractStatus.SIGNED, ContractStatus.ACTIVE],
        )

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch the customer."""
        return rows.select_related("account")

    def describe(self, row: Contract) -> Deadline:
        """Say which contract is safe from then on."""
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=_("The customer may withdraw"),
            about=row.number,
            page=("contracts:detail", row.uuid),
            customer=row.account.name,
            customer_uuid=row.account.uuid,
        )


class FinalBills(Source):
    """Supplies that have ended, and whose last day no bill covers yet."""

    key = "contracts.final_bill"
    label = _("Final bills")
    permission = "contracts.view_contract"
    icon = "bill"
    due = "ends_on"
    is_day = True
    # `ends_on` is the first day without supply
    grace = dt.timedelta(days=FINAL_BILL_DAYS - 1)

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what ended here in the last year and is not billed to its end."""
        rows: QuerySet[ContractItem] = ContractItem.objects.visible_to(user)
        return rows.filter(
            Q(billed_until__isnull=True) | Q(billed_until__lt=F("ends_on")),
            status=ItemStatus.ENDED,
            role=ItemRole.SUPPLY,
            ends_on__gte=clock.today() - LOOKED_BACK,
            ends_on__lte=clock.today(),
        )

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch contract and customer."""
        return rows.select_related("contract__account")

    def describe(self, row: ContractItem) -> Deadline:
        """Say which contract waits for its last bill."""
        account = row.contract.account
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=_("Final bill"),
            about=row.contract.number,
            page=("contracts:detail", row.contract.uuid),
            customer=account.name,
            customer_uuid=account.uuid,
        )
