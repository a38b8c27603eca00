"""The stages in the ERP: master data, then each item's set-up with its steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from contracts.choices import TAKEN_OVER, ContractStatus, ItemStatus, StepCode, StepStatus
from contracts.models import Contract, ContractItem
from contracts.queries.journey.facts import Fact, sum_up
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from utilcrm.web.workbench import JourneyStage, StageState

_STEP_STATE: dict[str, StageState] = {
    StepStatus.PENDING: "todo",
    StepStatus.RUNNING: "current",
    StepStatus.DONE: "done",
    StepStatus.SKIPPED: "done",
    StepStatus.FAILED: "failed",
}


def master_data(contract: Contract, facts: list[Fact]) -> JourneyStage:
    """Return the stage of customer, agreement and place, which the contract needs first."""
    stage = JourneyStage(
        key="erp-master-data", label=_("ERP master data"), state="todo", owner=_("ERP")
    )
    if contract.source in TAKEN_OVER or (contract.status == ContractStatus.ACTIVE and not facts):
        return replace(stage, state="done")
    if not facts:
        # Customer and place may be in the ERP already; then there is nothing to send.
        items_moved = contract.status in {
            ContractStatus.IN_PROCESS,
            ContractStatus.NEEDS_ATTENTION,
        }
        return replace(stage, state="done" if items_moved else "todo")
    return sum_up(stage, facts)


def set_up(
    contract: Contract, item: ContractItem, facts: list[Fact], *, is_only: bool
) -> JourneyStage:
    """Return the stage of one item's set-up."""
    label = (
        _("ERP set-up")
        if is_only
        else _("ERP set-up: %(role)s") % {"role": item.get_role_display()}
    )
    stage = JourneyStage(key=f"erp-{item.role.lower()}", label=label, state="todo", owner=_("ERP"))
    details = _steps(item)
    if item.erp_number:
        details = [(_("ERP contract"), item.erp_number), *details]
    stage = replace(stage, details=tuple(details), at=item.status_at)
    if item.status in {ItemStatus.COMPLETED, ItemStatus.ENDED}:
        return replace(stage, state="done")
    if item.status in {ItemStatus.REJECTED, ItemStatus.CONFLICT}:
        return replace(
            stage,
            state="failed",
            owner=_("Agent"),
            reason=item.failure_text,
            action_label=_("Mend and send again"),
            action_url=reverse("contracts:retry", args=[contract.uuid, item.uuid]),
        )
    if item.status in {ItemStatus.DRAFT, ItemStatus.BLOCKED, ItemStatus.CANCELLED}:
        return replace(stage, at=None)
    if facts:
        summed = replace(sum_up(stage, facts), details=tuple(details))
        # That the ERP has taken the contract in is not the end: its steps are.
        return replace(summed, state="current") if summed.state == "done" else summed
    waits_for = {
        ItemStatus.IMPORTED: _(
            "Imported without the ERP's number; the next download may bring it."
        ),
        ItemStatus.QUEUED: _("Waiting for the ERP."),
    }.get(ItemStatus(item.status))
    if waits_for:
        return replace(stage, state="waiting", reason=waits_for)
    return replace(stage, state="current")


def _steps(item: ContractItem) -> list[tuple[Any, Any]]:
    """Return the ERP's steps with their states, those it has not told of included."""
    told = {step.code: step for step in item.steps.all()}
    if not told and item.status not in {ItemStatus.SENT, ItemStatus.ACCEPTED, ItemStatus.REJECTED}:
        return []
    codes = [str(code) for code in StepCode.values]
    if not typed_meter_data_allowed(current_profile()):
        codes.remove(StepCode.DEVICE_INFO_RECORD)
    codes += [code for code in told if code not in codes]
    lines: list[tuple[Any, Any]] = []
    for code in codes:
        step = told.get(code)
        label = StepCode(code).label if code in StepCode.values else code
        if step is None:
            lines.append((label, StepStatus.PENDING.label))
            continue
        word = str(StepStatus(step.status).label)
        if step.status == StepStatus.DONE:
            word = f"{word} {date_format(localtime(step.at), 'H:i')}"
        elif step.detail:
            word = f"{word}: {step.detail}"
        lines.append((label, word))
    return lines
