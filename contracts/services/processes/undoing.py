"""Taking a confirmed process back, while the ERP allows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from contracts.choices import (
    EffectOutcome,
    ItemStatus,
    ProcessEffect,
    ProcessKind,
    ProcessStatus,
    Severity,
)
from contracts.models import Contract, ContractItem, ContractProcess, ProcessItem
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.drafting import start_process
from contracts.services.processes.registry import KINDS, Facts, Kind, Step, register
from contracts.services.processes.releasing import release
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from utilcrm import clock

UNDO_DAYS = 30
"""How long after its end a contract can be opened again; the ERP has the last word."""


def why_not_undone(process: ContractProcess) -> str:
    """Say why a process cannot be taken back; empty if it can."""
    kind = KINDS.get(process.kind)
    if kind is None or not kind.undoable:
        return _("This kind of process cannot be undone.")
    # a process that was given up may have been confirmed in part
    if process.status not in {ProcessStatus.CONFIRMED, ProcessStatus.CANCELLED}:
        return _("The ERP has not confirmed it.")
    rows = _confirmed(process)
    if not rows or any(row.item.status == ItemStatus.CANCELLED for row in rows):
        return _("The contract never was in the ERP. Draw up a new quotation.")
    oldest = clock.today() - dt.timedelta(days=UNDO_DAYS)
    if process.effective_on is not None and process.effective_on < oldest:
        return _("It took effect more than %(days)s days ago. Reactivate the contract instead.") % {
            "days": UNDO_DAYS
        }
    return ""


def undo(*, process: ContractProcess, note: str, actor: User) -> ContractProcess:
    """
    Take a process back: a process of its own, released at once.

    :return: the process that does it
    :raises ProcessRefused: if it cannot be taken back
    """
    made = start_process(
        kind=ProcessKind.UNDO,
        account=process.account,
        contract=process.contract,
        premise=process.premise,
        undo_of=process,
        actor=actor,
    )
    return release(process=made, facts={"note": note}, version=None, actor=actor)


def _confirmed(process: ContractProcess) -> list[ProcessItem]:
    rows = process.items.filter(
        effect__in=[ProcessEffect.ENDS, ProcessEffect.CHANGES], outcome=EffectOutcome.CONFIRMED
    ).select_related("item__contract__account", "item__pod")
    return list(rows.order_by("pk"))


def _as_before(row: ProcessItem) -> dict[str, Any]:
    """Return what the process has changed in an item as it was before."""
    return {name: row.before.get(name) for name in row.after}


def _build(process: ContractProcess, facts: Facts) -> Plan:
    undone = process.undo_of
    if undone is None:
        raise ProcessRefused(_("There is nothing to undo."), code="NOTHING_TO_UNDO")
    effects = tuple(
        Effect(row.item, ProcessEffect.CHANGES, _as_before(row)) for row in _confirmed(undone)
    )
    note = str(facts.get("note") or "").strip()
    return Plan(
        effective_on=undone.effective_on or clock.today(),
        effects=effects,
        reason=note or _("Undo of %(process)s") % {"process": str(undone)},
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    undone = process.undo_of
    why = why_not_undone(undone) if undone is not None else _("There is nothing to undo.")
    if why:
        return [Finding("UNDO_TOO_LATE", Severity.BLOCK, why)]
    for effect in plan.effects:
        if other := _follower(effect.item):
            return [
                Finding(
                    "POD_TAKEN",
                    Severity.BLOCK,
                    _("Another contract has the point of delivery %(pod)s since then.")
                    % {"pod": other.pod.external_id},
                )
            ]
    return []


def _follower(item: ContractItem) -> ContractItem | None:
    """Return what has the point of delivery after the end that is to be undone."""
    rows: ContractItem | None = (
        ContractItem.objects.filter(pod=item.pod, role=item.role)
        .exclude(pk=item.pk)
        .exclude(status=ItemStatus.CANCELLED)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=item.ends_on or item.starts_on))
        .select_related("pod")
        .first()
    )
    return rows


def _never_offered(contract: Contract) -> str:
    return _("Open the process that is to be undone.")


register(
    Kind(
        code=ProcessKind.UNDO,
        title=gettext_lazy("Undo"),
        steps=(Step("undo", gettext_lazy("Reason")),),
        permission="contracts.end_contract",
        build=_build,
        check=_check,
        possible=_never_offered,
        reason_code="UNDO",
        icon="retry",
        order=900,
        submit_label=gettext_lazy("Undo"),
    )
)
