"""Move-out, and transfer to another premise."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import ItemStatus, ProcessEffect, ProcessKind, Severity
from contracts.models import ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import add_months, day_of, shown
from contracts.services.processes.final_bill import (
    ESTIMATE,
    READ,
    check_final_bill,
    reading_findings,
)
from contracts.services.processes.final_readings import check_readings
from contracts.services.processes.live import chosen_contracts, items_to_end, why_no_end
from contracts.services.processes.meters import meter_from
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, NewItem, Plan, ProcessRefused
from contracts.services.processes.terminating import check_ends
from premises.models import PointOfDelivery, Premise
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed


def new_place(process: ContractProcess, facts: Facts) -> Premise:
    """
    Return the premise that a customer moves to.

    :raises ProcessRefused: if none is chosen, or another kind of customer lives there
    """
    found = _premise(str(facts.get("new_premise") or ""))
    if found is None or found.segment not in {None, process.account.segment}:
        raise ProcessRefused(
            _("Choose the premise that the customer moves to."),
            code="PREMISE_MISSING",
            field="new_premise",
        )
    return found


def _premise(own: str) -> Premise | None:
    try:
        key = UUID(own)
    except ValueError:
        return None
    return Premise.objects.select_related("connection_object").filter(uuid=key).first()


def pods_at(place: Premise) -> dict[str, list[PointOfDelivery]]:
    """Return the points of delivery of a premise by division."""
    found: dict[str, list[PointOfDelivery]] = {}
    for pod in PointOfDelivery.objects.filter(premise=place).order_by("external_id"):
        found.setdefault(pod.division, []).append(pod)
    return found


def ending_items(process: ContractProcess, facts: Facts) -> list[ContractItem]:
    """
    Return what a customer leaves behind.

    :raises ProcessRefused: if a chosen contract has nothing to end
    """
    return [
        item
        for contract in chosen_contracts(process, facts)
        for item in items_to_end(process, contract)
    ]


def _build_move_out(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, "moved_on", label=_("Move-out on"))
    check_final_bill(facts)
    after = {"ends_on": day.isoformat()}
    items = ending_items(process, facts)
    return Plan(
        effective_on=day,
        effects=tuple(Effect(item, ProcessEffect.ENDS, after) for item in items),
        reason=str(facts.get("note") or ""),
        code=str(facts.get("reading_mode") or ESTIMATE),
        readings=facts.get("readings") or {},
    )


def _build_transfer(process: ContractProcess, facts: Facts) -> Plan:
    day = day_of(facts, "moved_on", label=_("Moves on"))
    check_final_bill(facts)
    place = new_place(process, facts)
    items = ending_items(process, facts)
    if any(item.pod.premise_id == place.pk for item in items):
        raise ProcessRefused(
            _("The customer lives there already. Choose another premise."),
            code="SAME_PREMISE",
            field="new_premise",
        )
    if not facts.get("has_consented"):
        raise ProcessRefused(
            _("The customer has to agree to the contract at the new place."),
            code="CONSENT_MISSING",
            field="has_consented",
        )
    after = {"ends_on": day.isoformat()}
    return Plan(
        effective_on=day,
        effects=tuple(Effect(item, ProcessEffect.ENDS, after) for item in items),
        starts=tuple(_moved(item, place, day, facts) for item in items),
        reason=_("To %(place)s") % {"place": place.address_line},
        code=str(facts.get("reading_mode") or ESTIMATE),
        readings=facts.get("readings") or {},
    )


def _moved(item: ContractItem, place: Premise, day: dt.date, facts: Facts) -> NewItem:
    pod = _new_pod(item, place, facts)
    meter = None
    # the use of the grid is measured by the meter of the supply
    if typed_meter_data_allowed(current_profile()) and not item.is_grid_usage:
        meter = meter_from((facts.get("meters") or {}).get(item.division), item, pod)
    changes: dict[str, Any] = {"term_months": _months_left(item, day)}
    return NewItem(like=item, starts_on=day, pod=pod, move_in=True, meter=meter, changes=changes)


def _new_pod(item: ContractItem, place: Premise, facts: Facts) -> PointOfDelivery:
    choices = pods_at(place).get(item.division, [])
    wanted = str((facts.get("pods") or {}).get(item.division) or "")
    found = next((pod for pod in choices if str(pod.uuid) == wanted), None)
    if found is None and len(choices) == 1:
        found = choices[0]
    if found is None:
        raise ProcessRefused(
            _("Choose the point of delivery for %(division)s at the new place.")
            % {"division": item.get_division_display()},
            code="POD_MISSING",
            field=f"pod_{item.division.lower()}",
        )
    return found


def _months_left(item: ContractItem, day: dt.date) -> int | None:
    """Return how many months of a fixed term are left; a move does not begin it anew."""
    if not item.term_months:
        return None
    end = add_months(item.starts_on, item.term_months)
    left = (end.year - day.year) * 12 + end.month - day.month
    if add_months(day, left) < end:
        left += 1
    return left if left > 0 else None


def _check_move_out(process: ContractProcess, plan: Plan) -> list[Finding]:
    return [
        *check_ends(process, plan, field="moved_on"),
        *reading_findings(plan.code == READ),
        *check_readings(plan),
    ]


def _check_transfer(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = _check_move_out(process, plan)
    for new in plan.starts:
        other = occupant(new.pod, new.like.role, plan.effective_on)
        if other is not None:
            since = other.starts_on
            findings.append(
                Finding(
                    "POD_TAKEN",
                    Severity.BLOCK,
                    _("Somebody else is supplied at %(pod)s, since %(day)s.")
                    % {"pod": new.pod.external_id, "day": shown(since)},
                    field=f"pod_{new.like.division.lower()}",
                )
            )
        if not new.pod.premise.is_replicated:
            findings.append(
                Finding(
                    "PREMISE_PENDING",
                    Severity.INFO,
                    _("The new place is new to the ERP. It goes there before the contract."),
                )
            )
    return findings


def occupant(pod: PointOfDelivery, role: str, day: dt.date) -> ContractItem | None:
    """Return what has a point of delivery on a day or later; None if it is free."""
    found: ContractItem | None = (
        ContractItem.objects.filter(pod=pod, role=role)
        .exclude(status=ItemStatus.CANCELLED)
        .exclude(ends_on__lte=day)
        .order_by("starts_on")
        .first()
    )
    return found


register(
    Kind(
        code=ProcessKind.MOVE_OUT,
        title=gettext_lazy("Move-out"),
        intro=gettext_lazy("The customer leaves. The ERP makes the final bill."),
        steps=(
            Step("when", gettext_lazy("Date and readings")),
            Step("bill", gettext_lazy("Final bill")),
        ),
        permission="contracts.move_customer",
        build=_build_move_out,
        check=_check_move_out,
        possible=why_no_end,
        reason_code="MOVE_OUT",
        icon="premise",
        undoable=True,
        order=10,
        submit_label=gettext_lazy("Move the customer out"),
    )
)
register(
    Kind(
        code=ProcessKind.TRANSFER,
        title=gettext_lazy("Transfer to another premise"),
        intro=gettext_lazy(
            "The customer moves and stays with us: the old contract ends on the day on which the "
            "new one begins."
        ),
        steps=(
            Step("where", gettext_lazy("New place")),
            Step("when", gettext_lazy("Date and readings")),
            Step("meters", gettext_lazy("Meter at the new place")),
            Step("bill", gettext_lazy("Final bill")),
        ),
        permission="contracts.move_customer",
        build=_build_transfer,
        check=_check_transfer,
        possible=why_no_end,
        reason_code="TRANSFER",
        icon="premise",
        order=11,
        submit_label=gettext_lazy("Transfer the customer"),
    )
)
