"""Another price for the same product: the list of that day, less a discount."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.queries import discount_limit
from contracts.choices import ProcessEffect, ProcessKind, Severity
from contracts.models import ContractItem, ContractProcess, PriceApproval
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import day_of
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from contracts.services.processes.terms import (
    as_prices,
    check_change,
    list_prices,
    percent_of,
    supplies_of,
    why_no_supply,
)
from products.queries.costing import PriceLine
from quotations.choices import ApprovalStatus

FIELD = "from_day"
MOST = Decimal(50)
"""No discount is greater, whoever approves it."""


def new_prices(item: ContractItem, facts: Facts) -> tuple[PriceLine, ...]:
    """
    Return an item's prices by the list of the first day, less the discount.

    :raises ProcessRefused: if the list has no complete price for its product and term
    """
    day = day_of(facts, FIELD, label=_("First day with the new price"))
    if item.product is None or not item.term_months:
        raise ProcessRefused(
            _("The product or the term of contract %(number)s is not known here.")
            % {"number": item.contract.number},
            code="PRODUCT_MISSING",
        )
    return list_prices(
        item,
        item.product,
        term_months=item.term_months,
        day=day,
        discount=percent_of(facts, "discount_percent"),
        field=FIELD,
    )


def approval_is_missing(process: ContractProcess, percent: Decimal) -> bool:
    """Tell whether the discount is above what was granted, and what its last editor may give."""
    if percent <= discount_limit(process.last_by):
        return False
    granted = PriceApproval.objects.filter(
        process=process, status=ApprovalStatus.GRANTED, percent__gte=percent
    )
    return not granted.exists()


def _build(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, FIELD, label=_("First day with the new price"))
    percent = percent_of(facts, "discount_percent")
    if not 0 <= percent <= MOST:
        raise ProcessRefused(
            _("The discount lies between 0 and %(most)s %%.") % {"most": MOST},
            code="DISCOUNT_IMPOSSIBLE",
            field="discount_percent",
        )
    return Plan(
        effective_on=day,
        effects=tuple(
            Effect(
                item,
                ProcessEffect.CHANGES,
                {
                    "prices": as_prices(new_prices(item, facts)),
                    "discount_percent": format(percent, "f"),
                },
            )
            for item in supplies_of(process, facts)
        ),
        reason=str(facts.get("why") or "").strip(),
        code=format(percent, "f"),
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = check_change(plan, field=FIELD)
    percent = Decimal(plan.code)
    if not findings and approval_is_missing(process, percent):
        findings.append(
            Finding(
                "APPROVAL_MISSING",
                Severity.BLOCK,
                _("A discount of %(percent)s %% is above the limit of %(limit)s %% of %(who)s.")
                % {
                    "percent": f"{percent.normalize():f}",
                    "limit": discount_limit(process.last_by),
                    "who": process.last_by,
                },
                link_url=reverse("contracts:process_approval", args=[process.uuid]),
                link_label=_("Ask for approval"),
            )
        )
    return findings


register(
    Kind(
        code=ProcessKind.PRICE_CHANGE,
        title=gettext_lazy("Price change"),
        intro=gettext_lazy("The prices of the list on that day, less a discount on the energy."),
        steps=(Step("price", gettext_lazy("Date and discount")),),
        permission="contracts.change_contract_terms",
        build=_build,
        check=_check,
        possible=why_no_supply,
        reason_code="PRICE_CHANGE",
        icon="bill",
        order=51,
        submit_label=gettext_lazy("Change the price"),
    )
)
