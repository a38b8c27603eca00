"""Where the final bill goes, how it is paid, and by which reading it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import PaymentMethod
from contracts.choices import Severity
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.shapes import ProcessRefused

NEEDED = ("street", "postcode", "town", "country")
READ, ESTIMATE = "READ", "ESTIMATE"


def check_final_bill(facts: Mapping[str, Any]) -> None:
    """
    Refuse a final bill without an address, or without a way to pay it.

    :raises ProcessRefused: with the field that is missing
    """
    address = facts.get("forwarding_address") or {}
    for name in NEEDED:
        if not str(address.get(name) or "").strip():
            raise ProcessRefused(
                _("The final bill needs an address to go to."),
                code="ADDRESS_MISSING",
                field=name,
            )
    if facts.get("payment_method") not in PaymentMethod.values:
        raise ProcessRefused(
            _("Choose how the final bill is paid."), code="PAYMENT_MISSING", field="payment_method"
        )


def reading_findings(is_read: bool) -> list[Finding]:
    """Say so when the final reading is estimated."""
    if is_read:
        return []
    return [
        Finding(
            "READING_ESTIMATED",
            Severity.INFO,
            _("The ERP estimates the final reading."),
            field="reading_mode",
        )
    ]
