"""Releasing a process: checked with everything locked, done, and told to the ERP, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from contracts.choices import EffectOutcome
from contracts.models import Contract, ContractProcess, ProcessItem
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.applying import apply_plan
from contracts.services.processes.final_readings import keep_readings
from contracts.services.processes.locking import lock_draft, lock_items
from contracts.services.processes.opening_prices import price_findings
from contracts.services.processes.registry import Kind, kind_of
from contracts.services.processes.shapes import Plan, ProcessRefused
from contracts.services.processes.telling import tell


def findings_of(process: ContractProcess, facts: Mapping[str, Any]) -> list[Finding]:
    """
    Say what stands against a process with these facts.

    :raises ProcessRefused: if the facts cannot be meant
    """
    kind = kind_of(process)
    plan = kind.build(process, facts)
    return [*kind.check(process, plan), *price_findings(plan)]


@transaction.atomic
def release(
    *,
    process: ContractProcess,
    facts: Mapping[str, Any],
    version: int | None,
    actor: User,
) -> ContractProcess:
    """
    Do what the process says, and tell the ERP. Also after a refusal, mended.

    :param facts: what was typed, cleaned, as JSON: dates in ISO form, numbers as text
    :raises ProcessRefused: if something stands against it; `field` says where
    :raises utilcrm.db.models.StaleVersion: if a colleague has changed the process meanwhile
    """
    locked = lock_draft(process, version=version)
    _refuse_while_pending(locked)
    kind = kind_of(locked)
    plan = _locked_plan(locked, kind, facts)
    for finding in kind.check(locked, plan):
        if finding.is_blocking:
            raise ProcessRefused(finding.text, code=finding.code, field=finding.field)
    locked.mark_released(
        facts=facts,
        effective_on=plan.effective_on,
        reason=plan.reason,
        by=actor,
        at=timezone.now(),
    )
    (kind.apply or apply_plan)(locked, plan)
    keep_readings(locked)
    _refresh_contracts(locked)
    tell("released", locked, actor=actor, reason=plan.reason)
    return locked


def retry(*, process: ContractProcess, actor: User) -> ContractProcess:
    """
    Release a refused process again with the same facts, after the reason was mended elsewhere.

    :raises ProcessRefused: if something stands against it now
    """
    process = ContractProcess.objects.get(pk=process.pk)
    if not process.is_rejected:
        raise ProcessRefused(_("The ERP has not refused this process."), code="NOT_OPEN")
    return release(process=process, facts=process.facts, version=None, actor=actor)


def _locked_plan(process: ContractProcess, kind: Kind, facts: Mapping[str, Any]) -> Plan:
    """Build the plan, lock what it is about, and build it again from what is true now."""
    plan = kind.build(process, facts)
    wanted = {effect.item.pk for effect in plan.effects} | {new.like.pk for new in plan.starts}
    items = lock_items(wanted)
    _refuse_second_process(process, [item.pk for item in items])
    return kind.build(process, facts)


def _refuse_while_pending(process: ContractProcess) -> None:
    if process.items.filter(outcome=EffectOutcome.PENDING).exists():
        raise ProcessRefused(
            _("A part of this process is still with the ERP. Wait for its answer."),
            code="CONTRACT_LOCKED",
        )


def _refuse_second_process(process: ContractProcess, item_ids: list[int]) -> None:
    other = (
        ProcessItem.objects.filter(item__in=item_ids, outcome=EffectOutcome.PENDING)
        .exclude(process=process)
        .select_related("process")
        .first()
    )
    if other is not None:
        raise ProcessRefused(
            _("%(process)s is still with the ERP. Wait for its answer.")
            % {"process": str(other.process)},
            code="CONTRACT_LOCKED",
        )


def _refresh_contracts(process: ContractProcess) -> None:
    contracts = Contract.objects.filter(items__process_items__process=process).distinct()
    for contract in contracts:
        contract.refresh_status(list(contract.items.values_list("status", flat=True)))
