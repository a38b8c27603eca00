"""Deferrals, plans of instalments and payments as the ERP takes them."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, reference
from billing_sync.models import PaymentArrangement


def payment_arrangement(arrangement: PaymentArrangement) -> dict[str, Any]:
    """Return what is to be paid when, instead of the open items named."""
    agreement = arrangement.agreement
    return {
        "ExternalReference": str(arrangement.uuid),
        "ContractAccount": reference(agreement.uuid, agreement.erp_number),
        "TypeCode": arrangement.kind,
        "CurrencyCode": arrangement.currency,
        "DocumentID": arrangement.documents,
        "Part": [
            {"DueDate": day(due), "Amount": decimal(amount)} for due, amount in arrangement.payments
        ],
    }
