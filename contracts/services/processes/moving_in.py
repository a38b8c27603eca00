"""Move-in: premise, customer, agreement and contract; the offer is drawn up as any other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from accounts.models import BusinessAgreement
from contracts.choices import (
    EffectOutcome,
    ItemRole,
    ItemStatus,
    ProcessEffect,
    ProcessKind,
    Severity,
)
from contracts.models import Contract, ContractItem, ContractProcess, ProcessItem
from contracts.services.preflight.shapes import Finding, link
from contracts.services.processes.dates import check_limits, day_of, shown
from contracts.services.processes.locking import lock_draft
from contracts.services.processes.moving import new_place, occupant
from contracts.services.processes.registry import Facts, Kind, Step, register
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from premises.models import PointOfDelivery
from quotations.models import Quotation
from quotations.services.drafting import open_quotation


def chosen_pods(facts: Facts) -> list[PointOfDelivery]:
    """
    Return the points of delivery that the customer takes over.

    :raises ProcessRefused: if none is chosen
    """
    wanted = [str(one) for one in facts.get("pods") or ()]
    found = list(
        PointOfDelivery.objects.filter(
            uuid__in=wanted, premise__uuid=str(facts.get("new_premise"))
        ).order_by("division", "external_id")
    )
    if not found:
        raise ProcessRefused(_("Choose what is to be supplied."), code="POD_MISSING", field="pods")
    return found


def agreement_of(process: ContractProcess, facts: Facts) -> BusinessAgreement:
    """
    Return by which agreement the customer pays.

    :raises ProcessRefused: if none is chosen
    """
    found = next(
        (
            one
            for one in BusinessAgreement.objects.filter(account=process.account)
            if str(one.uuid) == str(facts.get("agreement") or "")
        ),
        None,
    )
    if found is None:
        raise ProcessRefused(
            _("Choose a business agreement."), code="AGREEMENT_MISSING", field="agreement"
        )
    return found


def offer_of(process: ContractProcess) -> Quotation | None:
    """Return the quotation that was drawn up for a move-in."""
    typed = process.data.get("offer", {}).get("quotation") or [""]
    try:
        own = UUID(typed[-1])
    except ValueError:
        return None
    return Quotation.objects.filter(uuid=own, account=process.account).first()


def contracts_of_offer(process: ContractProcess) -> list[Contract]:
    """Return the contracts that came of the quotation, and were not taken back."""
    offer = offer_of(process)
    if offer is None:
        return []
    rows = Contract.objects.filter(quotation=offer).exclude(status="CANCELLED")
    return list(rows.order_by("pk"))


@transaction.atomic
def draw_up_offer(*, process: ContractProcess, facts: Facts, actor: User) -> Quotation:
    """
    Draw up the quotation of a move-in, with what is known already; once.

    :raises ProcessRefused: if premise or agreement is missing, or somebody is supplied there
    """
    locked = lock_draft(process)
    known = offer_of(locked)
    if known is not None and known.status not in {"REJECTED", "EXPIRED"}:
        return known
    place = new_place(locked, facts)
    agreement = agreement_of(locked, facts)
    pods = chosen_pods(facts)
    for finding in occupied(locked, pods, facts):
        raise ProcessRefused(finding.text, code=finding.code, field=finding.field)
    quotation = open_quotation(
        account=locked.account,
        actor=actor,
        business_agreement=agreement,
        premise=place,
        pods=pods,
    )
    day = day_of(facts, "starts_on", label=_("Moves in on"))
    quotation.items.update(start_date=day, move_in=True)
    locked.keep("offer", {"quotation": [str(quotation.uuid)]}, by=actor)
    return quotation


def occupied(
    process: ContractProcess, pods: Iterable[PointOfDelivery], facts: Facts
) -> list[Finding]:
    """Find where somebody is supplied, or has kept the grid, on that day; its own are left out."""
    day = day_of(facts, "starts_on", label=_("Moves in on"))
    own = {contract.pk for contract in contracts_of_offer(process)}
    findings = []
    for pod in pods:
        for role in ItemRole.values:
            other = occupant(pod, role, day)
            if other is None or other.contract_id in own:
                continue
            facts_of_other = {"pod": pod.external_id, "day": shown(other.starts_on)}
            text = _kept_grid() if other.is_grid_usage else _supplied()
            findings.append(
                Finding("POD_TAKEN", Severity.BLOCK, text % facts_of_other, field="pods")
            )
            break
    return findings


def _supplied() -> str:
    return _(
        "Somebody is supplied at %(pod)s since %(day)s. Move them out first, or choose another day."
    )


def _kept_grid() -> str:
    return _(
        "Somebody has kept the grid usage at %(pod)s, since %(day)s. End it first, or choose "
        "another day."
    )


def _build(process: ContractProcess, facts: Facts) -> Plan:
    new_place(process, facts)
    agreement_of(process, facts)
    chosen_pods(facts)
    day = day_of(facts, "starts_on", label=_("Moves in on"))
    contracts = contracts_of_offer(process)
    if not contracts:
        raise ProcessRefused(
            _("There is no contract yet: have the customer accept the quotation."),
            code="CONTRACT_MISSING",
            field="quotation",
        )
    rows = ContractItem.objects.filter(contract__in=contracts).exclude(
        status__in=[ItemStatus.CANCELLED, ItemStatus.ENDED]
    )
    return Plan(
        effective_on=min((item.starts_on for item in rows), default=day),
        effects=tuple(Effect(item, ProcessEffect.STARTS, {}) for item in rows.order_by("pk")),
        reason=str(facts.get("note") or ""),
    )


def _check(process: ContractProcess, plan: Plan) -> list[Finding]:
    findings = []
    try:
        check_limits(plan.effective_on, field="starts_on")
    except ProcessRefused as exc:
        findings.append(Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field))
    findings += [
        Finding(
            "SIGNATURE_PENDING",
            Severity.INFO,
            _("Contract %(number)s goes to the ERP as soon as the customer has signed.")
            % {"number": contract.number},
            link_url=link("contracts:detail", contract.uuid),
            link_label=_("Open the contract"),
        )
        for contract in contracts_of_offer(process)
        if contract.signed_at is None
    ]
    return findings


def _apply(process: ContractProcess, plan: Plan) -> None:
    """Follow the contract's items; they go to the ERP by their own signature."""
    for effect in plan.effects:
        done = effect.item.status == ItemStatus.COMPLETED
        ProcessItem.objects.get_or_create(
            process=process,
            item=effect.item,
            defaults={
                "effect": ProcessEffect.STARTS,
                "outcome": EffectOutcome.CONFIRMED if done else EffectOutcome.PENDING,
                "after": {"starts_on": effect.item.starts_on.isoformat()},
            },
        )


def _possible(contract: Contract) -> str:
    return _("A move-in begins with a customer, not with a contract.")


register(
    Kind(
        code=ProcessKind.MOVE_IN,
        title=gettext_lazy("Move-in"),
        intro=gettext_lazy(
            "A customer takes over a place. Premise, agreement and contract are needed; the "
            "checklist is there to help."
        ),
        steps=(
            Step("where", gettext_lazy("Place and date")),
            Step("agreement", gettext_lazy("Payment")),
            Step("product", gettext_lazy("Product and contract")),
            Step("checklist", gettext_lazy("Checklist")),
        ),
        permission="contracts.move_customer",
        build=_build,
        check=_check,
        possible=_possible,
        apply=_apply,
        reason_code="TERMS",
        icon="premise",
        starts_from="account",
        order=5,
        submit_label=gettext_lazy("Complete the move-in"),
    )
)
