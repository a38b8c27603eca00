"""Supply again under a contract that has ended."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.choices import EndReason, ItemStatus, ProcessKind, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import check_limits, day_of, shown
from contracts.services.processes.live import contract_of
from contracts.services.processes.meters import described_meter, meter_from
from contracts.services.processes.moving import occupant
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import NewItem, Plan, ProcessRefused
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed


def last_ended(contract: Contract) -> list[ContractItem]:
    """
    Return what ended last in a contract, one item a role and point of delivery.

    What goes on is left out: in this contract, for who left with the supply may have kept the use
    of the grid, or in another one, which it was split out to or joined with.
    """
    running = {(item.pod_id, item.role) for item in _running(contract)}
    rows = (
        contract.items.filter(status=ItemStatus.ENDED)
        .exclude(end_reason__in=[EndReason.SPLIT, EndReason.JOIN])
        .select_related("pod", "product", "contract__account", "contract__business_agreement")
        .order_by("position", "-ends_on", "-pk")
    )
    found: dict[tuple[int, str], ContractItem] = {}
    for item in rows:
        key = (item.pod_id, item.role)
        if key in running:
            continue
        if key not in found or _end(item) > _end(found[key]):
            found[key] = item
    return list(found.values())


def _running(contract: Contract) -> list[ContractItem]:
    rows = contract.items.exclude(status__in=[ItemStatus.ENDED, ItemStatus.CANCELLED])
    return list(rows)


def _end(item: ContractItem) -> dt.date:
    return item.ends_on or item.starts_on


def _possible(contract: Contract) -> str:
    if not last_ended(contract):
        return _("It has not ended.")
    if any(not item.is_grid_usage or item.ends_on for item in _running(contract)):
        return _("It is running.")
    return ""


def _build(process: ContractProcess, facts: Facts) -> Plan:
    contract = contract_of(process)
    day = day_of(facts, "starts_on", label=_("Supply again from"))
    items = last_ended(contract)
    if not items:
        raise ProcessRefused(_possible(contract), code="CONTRACT_RUNNING")
    if not facts.get("has_consented"):
        raise ProcessRefused(
            _("The customer has to agree."), code="CONSENT_MISSING", field="has_consented"
        )
    return Plan(
        effective_on=day,
        starts=tuple(_again(item, contract, day, facts) for item in items),
        reason=str(facts.get("note") or ""),
    )


def _again(item: ContractItem, contract: Contract, day: dt.date, facts: Facts) -> NewItem:
    meter = None
    # the use of the grid is measured by the meter of the supply
    if typed_meter_data_allowed(current_profile()) and not item.is_grid_usage:
        typed = dict((facts.get("meters") or {}).get(item.division) or {})
        known = described_meter(item.pod, day)
        typed.setdefault("serial", known.serial_number if known else item.meter_serial)
        typed.setdefault("rate", known.rate if known else item.rate)
        meter = meter_from(typed, item, item.pod)
    return NewItem(
        like=item,
        starts_on=day,
        pod=item.pod,
        contract=contract,
        move_in=False,
        meter=meter,
        changes={"term_months": None},
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = []
    try:
        check_limits(plan.effective_on, field="starts_on")
    except ProcessRefused as exc:
        findings.append(Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field))
    for new in plan.starts:
        ended = _end(new.like)
        if plan.effective_on < ended:
            text = _("The contract ended on %(day)s; supply can begin again on that day or later.")
            findings.append(
                Finding(
                    "START_BEFORE_END",
                    Severity.BLOCK,
                    text % {"day": shown(ended)},
                    field="starts_on",
                )
            )
        elif plan.effective_on > ended:
            text = _("From %(first)s to %(last)s nobody is supplied under this contract.")
            days = {"first": shown(ended), "last": shown(plan.effective_on - dt.timedelta(days=1))}
            findings.append(Finding("GAP", Severity.WARN, text % days, field="starts_on"))
        if occupant(new.pod, new.like.role, plan.effective_on) is not None:
            findings.append(
                Finding(
                    "POD_TAKEN",
                    Severity.BLOCK,
                    _("Another contract has the point of delivery %(pod)s since then.")
                    % {"pod": new.pod.external_id},
                    field="starts_on",
                )
            )
    return findings


register(
    Kind(
        code=ProcessKind.REACTIVATION,
        title=gettext_lazy("Reactivation"),
        intro=gettext_lazy("Supply again under the same contract, with the same product."),
        steps=(Step("again", gettext_lazy("Date and meter")),),
        permission="contracts.move_customer",
        build=_build,
        check=_check,
        possible=_possible,
        reason_code="TERMS",
        icon="retry",
        order=50,
        submit_label=gettext_lazy("Supply again"),
    )
)
