"""Another product for the same supply: the old item ends on the day the new one starts."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import EndReason, ItemRole, ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import check_limits, day_of, fixed_until, shown
from contracts.services.processes.live import contract_of, live_items
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, NewItem, Plan, ProcessRefused
from contracts.services.processes.terms import (
    as_prices,
    check_change,
    list_prices,
    product_named,
    supplies_of,
    why_no_supply,
)
from utilcrm import clock

FIELD = "from_day"
_DAY = dt.timedelta(days=1)


def offer_of(facts: Facts) -> tuple[str, int]:
    """
    Return product code and term out of the chosen offer, "EL-RES-FIX/12".

    :raises ProcessRefused: if none is chosen
    """
    code, _slash, months = str(facts.get("offer") or "").rpartition("/")
    if not code or not months.isdigit():
        raise ProcessRefused(_("Choose a product."), code="PRODUCT_MISSING", field="offer")
    return code, int(months)


def _propose(contract: Contract) -> dict[str, dict[str, list[str]]]:
    """Propose the first day that costs the customer nothing: not billed, and the term is over."""
    found = live_items(contract, roles=[ItemRole.SUPPLY])
    if len(found) != 1:
        return {}
    item, tomorrow = found[0], clock.today() + _DAY
    days = [tomorrow, item.starts_on + _DAY, item.billed_until, fixed_until(item)]
    day = max(day for day in days if day is not None)
    try:
        check_limits(day, field=FIELD)
    except ProcessRefused:
        return {}
    return {"from": {FIELD: [day.isoformat()]}}


def _build(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, FIELD, label=_("First day with the new product"))
    items = supplies_of(process, facts)
    code, months = offer_of(facts)
    product = product_named(code, field="offer")
    after = {"ends_on": day.isoformat(), "end_reason": EndReason.PRODUCT_CHANGE.value}
    return Plan(
        effective_on=day,
        effects=tuple(Effect(item, ProcessEffect.ENDS, after) for item in items),
        starts=tuple(
            NewItem(
                like=item,
                starts_on=day,
                pod=item.pod,
                contract=contract_of(process),
                changes={
                    "product": product,
                    "product_name": product.name,
                    "term_months": months,
                    "discount_percent": 0,
                },
                prices=tuple(
                    as_prices(
                        list_prices(item, product, term_months=months, day=day, field="offer")
                    )
                ),
            )
            for item in items
        ),
        reason=_("Change to %(product)s, %(months)s months")
        % {"product": product.name, "months": months},
        code=product.code,
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = check_change(plan, field=FIELD)
    for effect in plan.effects:
        if findings:
            break
        findings += _check_item(effect.item, plan)
    return findings


def _check_item(item: ContractItem, plan: Plan) -> list[Finding]:
    if plan.effective_on <= item.starts_on:
        return [
            Finding(
                "END_BEFORE_START",
                Severity.BLOCK,
                _("The present product begins on %(day)s only.") % {"day": shown(item.starts_on)},
                field=FIELD,
            )
        ]
    if item.product is not None and item.product.code == plan.code:
        return [
            Finding(
                "SAME_PRODUCT",
                Severity.BLOCK,
                _("That is the present product. Renew the contract, or change its price."),
                field="offer",
            )
        ]
    until = fixed_until(item)
    if until is not None and plan.effective_on < until:
        return [
            Finding(
                "FIXED_TERM",
                Severity.WARN,
                _("The present term is fixed until %(day)s; the customer leaves it early.")
                % {"day": shown(until)},
                field=FIELD,
            )
        ]
    return []


register(
    Kind(
        code=ProcessKind.PRODUCT_CHANGE,
        title=gettext_lazy("Product change"),
        intro=gettext_lazy("The present product ends on the day the new one starts: no gap."),
        steps=(
            Step("from", gettext_lazy("Date")),
            Step("product", gettext_lazy("New product")),
        ),
        permission="contracts.change_contract_terms",
        build=_build,
        check=_check,
        possible=why_no_supply,
        reason_code="PRODUCT_CHANGE",
        icon="product",
        order=50,
        submit_label=gettext_lazy("Change the product"),
        propose=_propose,
        shortcut="c p",
    )
)
