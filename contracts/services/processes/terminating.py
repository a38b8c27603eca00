"""Terminations, by the customer and by us, and the end of supply by a change of supplier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ItemRole, ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import (
    check_end,
    check_limits,
    day_of,
    fixed_until,
    shown,
)
from contracts.services.processes.final_readings import check_readings
from contracts.services.processes.live import contract_of, items_to_end, live_items, why_no_end
from contracts.services.processes.reasons import REASONS, TerminationReason
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from tenants.queries import current_profile
from utilcrm import clock


def reason_of(kind: str, facts: Facts) -> TerminationReason:
    """
    Return why a contract is ended.

    :raises ProcessRefused: if the kind has no such reason
    """
    code = facts.get("reason") or ""
    found = next((one for one in REASONS[kind] if one.code == code), None)
    if found is None:
        raise ProcessRefused(_("Choose a reason."), code="REASON_MISSING", field="reason")
    return found


def earliest_end(items: Iterable[ContractItem], reason: TerminationReason) -> dt.date:
    """
    Return the first day that a termination for this reason can take effect on.

    After the tenant's period of notice, and not inside the fixed term, unless the reason gives a
    right to end it at once.
    """
    today = clock.today()
    if reason.is_immediate:
        return today
    days = [today + dt.timedelta(days=current_profile().notice_days)]
    days += [until for item in items if (until := fixed_until(item)) is not None]
    return max(days)


def _build(roles: tuple[str, ...]) -> Callable[[ContractProcess, Facts], Plan]:
    def build(process: ContractProcess, facts: Facts) -> Plan:
        ends_on = day_of(facts, "ends_on", label=_("First day without supply"))
        reason = reason_of(process.kind, facts)
        items = items_to_end(process, contract_of(process), roles=roles)
        note = str(facts.get("note") or "").strip()
        after = {"ends_on": ends_on.isoformat()}
        return Plan(
            effective_on=ends_on,
            effects=tuple(Effect(item, ProcessEffect.ENDS, after) for item in items),
            reason=f"{reason.label}: {note}" if note else str(reason.label),
            code=reason.code,
            readings=facts.get("readings") or {},
        )

    return build


def check_ends(process: ContractProcess, plan: Plan, *, field: str = "ends_on") -> list[Finding]:
    """Find what stands against ending these items on that day."""
    findings = []
    for effect in plan.effects:
        try:
            check_limits(plan.effective_on, field=field)
            check_end(effect.item, plan.effective_on, field=field)
        except ProcessRefused as exc:
            findings.append(Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field))
            break
    return findings


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = check_ends(process, plan)
    reason = next((one for one in REASONS[process.kind] if one.code == plan.code), None)
    items = [effect.item for effect in plan.effects]
    if reason is None or findings:
        return findings
    findings = check_readings(plan)
    earliest = earliest_end(items, reason)
    if plan.effective_on < earliest:
        findings.append(
            Finding(
                "NOTICE_PERIOD",
                Severity.BLOCK,
                _(
                    "With this reason the contract can end on %(day)s at the earliest: notice "
                    "period of %(notice)s days, and the fixed term."
                )
                % {"day": shown(earliest), "notice": current_profile().notice_days},
                field="ends_on",
            )
        )
    return findings


def _why_no_end_of_supply(contract: Contract) -> str:
    why = why_no_end(contract)
    if not why and not live_items(contract, roles=[ItemRole.SUPPLY]):
        return _("Its supply has ended already.")
    return why


BOTH = (ItemRole.SUPPLY, ItemRole.GRID_USAGE)
STEPS = (Step("end", gettext_lazy("Reason and date")),)

register(
    Kind(
        code=ProcessKind.TERMINATION_CUSTOMER,
        title=gettext_lazy("Termination by the customer"),
        intro=gettext_lazy("The customer gives notice. Notice period and fixed term are checked."),
        steps=STEPS,
        permission="contracts.end_contract",
        build=_build(BOTH),
        check=_check,
        possible=why_no_end,
        reason_code="END_CUSTOMER",
        icon="contract",
        undoable=True,
        order=40,
        submit_label=gettext_lazy("Terminate the contract"),
    )
)
register(
    Kind(
        code=ProcessKind.TERMINATION_SUPPLIER,
        title=gettext_lazy("Termination by the supplier"),
        intro=gettext_lazy("We give notice to the customer."),
        steps=STEPS,
        permission="contracts.end_contract",
        build=_build(BOTH),
        check=_check,
        possible=why_no_end,
        reason_code="END_SUPPLIER",
        icon="contract",
        undoable=True,
        order=41,
        submit_label=gettext_lazy("Terminate the contract"),
    )
)
register(
    Kind(
        code=ProcessKind.END_OF_SUPPLY,
        title=gettext_lazy("End of supply"),
        intro=gettext_lazy(
            "Another supplier takes over. Supply ends; a grid usage contract stays."
        ),
        steps=STEPS,
        permission="contracts.end_contract",
        build=_build((ItemRole.SUPPLY,)),
        check=_check,
        possible=_why_no_end_of_supply,
        reason_code="END_OF_SUPPLY",
        icon="contract",
        undoable=True,
        order=42,
        submit_label=gettext_lazy("End the supply"),
    )
)
