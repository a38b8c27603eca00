"""Withdrawal within the customer's period after the signature."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ItemStatus, ProcessEffect, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import check_end, day_of, shown
from contracts.services.processes.live import contract_of, why_no_end
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from utilcrm import clock

_OPEN = (
    ItemStatus.BLOCKED,
    ItemStatus.QUEUED,
    ItemStatus.SENT,
    ItemStatus.ACCEPTED,
    ItemStatus.REJECTED,
    ItemStatus.COMPLETED,
)


def _items(process: ContractProcess | None, contract: Contract) -> list[ContractItem]:
    rows = contract.items.filter(status__in=_OPEN).select_related("contract__account", "pod")
    known = (
        set(process.items.values_list("item", flat=True))
        if process is not None and process.pk
        else set()
    )
    return [item for item in rows.order_by("position") if item.ends_on is None or item.pk in known]


def _possible(contract: Contract) -> str:
    if contract.signed_at is None or contract.withdrawal_until is None:
        if contract.is_open_for_change:
            return _("It is not signed yet: take it back instead.")
        return _("It was not made at a distance: there is no right of withdrawal.")
    if contract.withdrawal_until < clock.today():
        return _("The period of withdrawal ended on %(day)s.") % {
            "day": shown(contract.withdrawal_until)
        }
    if not _items(None, contract):
        return why_no_end(contract) or _("Its end is set already.")
    return ""


def _build(process: ContractProcess, facts: Facts) -> Plan:
    contract = contract_of(process)
    declared = day_of(facts, "declared_on", label=_("Declared on"))
    items = _items(process, contract)
    if not items:
        raise ProcessRefused(_possible(contract), code="CONTRACT_ENDED")
    ends = [Effect(item, ProcessEffect.ENDS, _end(item, declared)) for item in items]
    note = str(facts.get("note") or "").strip()
    return Plan(
        effective_on=declared,
        effects=tuple(ends),
        reason=note or _("Withdrawn by the customer"),
        code=declared.isoformat(),
    )


def _end(item: ContractItem, declared: dt.date) -> dict[str, str]:
    """Never begun, or ended on the day of the withdrawal if supply has begun before."""
    return {"ends_on": max(item.starts_on, declared).isoformat()}


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    until = contract_of(process).withdrawal_until
    declared = plan.effective_on
    if declared > clock.today():
        text = _("It cannot have been declared in the future.")
        return [Finding("DATE_TOO_LATE", Severity.BLOCK, text, field="declared_on")]
    if until is None or declared > until:
        text = (
            _("The period of withdrawal ended on %(day)s.") % {"day": shown(until)}
            if until
            else _("There is no right of withdrawal.")
        )
        return [Finding("WITHDRAWAL_TOO_LATE", Severity.BLOCK, text, field="declared_on")]
    signed = contract_of(process).signed_at
    if signed is not None and declared < clock.local_date(signed):
        text = _("It cannot have been declared before the signature.")
        return [Finding("DATE_TOO_EARLY", Severity.BLOCK, text, field="declared_on")]
    findings = []
    for effect in plan.effects:
        day = dt.date.fromisoformat(effect.after["ends_on"])
        try:
            check_end(effect.item, day, field="declared_on")
        except ProcessRefused as exc:
            findings.append(Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field))
        if effect.item.starts_on < declared:
            text = _("Supply has begun on %(day)s: what was used until now is billed.") % {
                "day": shown(effect.item.starts_on)
            }
            findings.append(Finding("SUPPLY_BEGUN", Severity.WARN, text))
    return findings


register(
    Kind(
        code=ProcessKind.WITHDRAWAL,
        title=gettext_lazy("Withdrawal"),
        intro=gettext_lazy("The customer withdraws from the contract within the legal period."),
        steps=(Step("declared", gettext_lazy("Declaration")),),
        permission="contracts.end_contract",
        build=_build,
        check=_check,
        possible=_possible,
        reason_code="WITHDRAWAL",
        icon="contract",
        undoable=True,
        order=30,
        submit_label=gettext_lazy("Withdraw the contract"),
    )
)
