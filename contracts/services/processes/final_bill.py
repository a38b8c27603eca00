"""Where the final bill goes, how it is paid, and by which reading it is made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import PaymentMethod
from contracts.choices import Severity
from contracts.models import ContractItem
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.meters import registers_at
from contracts.services.processes.shapes import Plan, ProcessRefused
from devices.services.plausibility import assess
from utilcrm import clock

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


def reading_findings(plan: Plan) -> list[Finding]:
    """Say so when the final reading is estimated, or is not what was to be expected."""
    if plan.code == READ:
        return [
            found
            for effect in plan.effects
            for found in _odd(effect.item, plan.readings.get(str(effect.item.uuid), {}), plan)
        ]
    return [
        Finding(
            "READING_ESTIMATED",
            Severity.INFO,
            _("The ERP estimates the final reading."),
            field="reading_mode",
        )
    ]


def _odd(item: ContractItem, values: Mapping[str, Any], plan: Plan) -> list[Finding]:
    # A day in the future is compared with what the meter may show today.
    day = min(plan.effective_on, clock.today())
    found = []
    for register in registers_at(item.pod, day):
        if register.code not in values:
            continue
        value = Decimal(str(values[register.code]))
        seen = assess(
            register=register, value=value, read_on=day, annual_kwh=item.expected_annual_kwh
        )
        if seen.finding and seen.previous is not None:
            found.append(
                Finding(
                    "READING_ODD",
                    Severity.WARN,
                    _("Register %(code)s: %(value)s is not to be expected after %(last)s.")
                    % {
                        "code": register.code,
                        "value": f"{value.normalize():f}",
                        "last": f"{seen.previous.value.normalize():f}",
                    },
                    field="reading_mode",
                )
            )
    return found
