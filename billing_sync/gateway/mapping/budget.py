"""Changes of instalments as the ERP's budget billing plans."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, reference
from billing_sync.models import BudgetPlanChange


def budget_billing_plan(change: BudgetPlanChange) -> dict[str, Any]:
    """Return the monthly amount from an instalment on."""
    agreement = change.agreement
    return {
        "ExternalReference": str(change.uuid),
        "ContractAccount": reference(agreement.uuid, agreement.erp_number),
        "Amount": decimal(change.amount),
        "CurrencyCode": change.currency,
        "ValidFrom": day(change.valid_from),
    }
