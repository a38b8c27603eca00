"""Instalments: what the ERP proposes, and what the customer wishes to pay instead."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import BusinessAgreement
from billing_sync.choices import ERP, WishStatus
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.models import BudgetPlan, BudgetPlanChange
from events.services import circuit, recording
from events.services.routing import destination_named
from utilcrm.money import format_money

TIMEOUT = 2.5
"""Seconds that a page may wait for fresh figures."""


class BudgetRefused(ValueError):
    """The instalment cannot be asked for; `field` names the field of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class PlanNow:
    """The plan as far as it is known, and whether the ERP has just said so."""

    plan: BudgetPlan | None
    is_fresh: bool


def fetch_plan(agreement: BusinessAgreement, *, timeout: float = TIMEOUT) -> PlanNow:
    """
    Ask the ERP for the plan of an agreement and keep it; never raises because of the ERP.

    When the ERP is away, or does not answer in time, what it said last is returned, not fresh.
    """
    known = BudgetPlan.objects.filter(agreement=agreement).first()
    destination = destination_named(ERP)
    if not agreement.is_replicated or circuit.is_open(destination):
        return PlanNow(known, is_fresh=False)
    try:
        found = ErpGateway.of_tenant().budget_plan(agreement.erp_number, timeout=timeout)
    except SoapFailure as failure:
        if failure.kind in {FailureKind.NOT_APPLIED, FailureKind.UNKNOWN}:
            circuit.note_failure(destination, failure.text)
        return PlanNow(known, is_fresh=False)
    circuit.note_success(destination)
    if found is None:
        BudgetPlan.objects.filter(agreement=agreement).delete()
        return PlanNow(None, is_fresh=True)
    plan, _is_new = BudgetPlan.objects.update_or_create(
        agreement=agreement,
        defaults={
            "currency": found["CurrencyCode"],
            "amount": found.get("CurrentAmount"),
            "proposed": found["ProposedAmount"],
            "least": found["MinimumAmount"],
            "most": found["MaximumAmount"],
            "step": found["StepAmount"],
            "annual_kwh": int(found["ExpectedAnnualConsumption"]),
            "next_due_on": found["NextDueDate"],
            "as_of": found["AsOfDateTime"],
        },
    )
    return PlanNow(plan, is_fresh=True)


@transaction.atomic
def change_plan(*, agreement: BusinessAgreement, amount: Decimal, actor: User) -> BudgetPlanChange:
    """
    Ask the ERP for another instalment, from the first one that can still be changed.

    A change that it has refused is replaced.

    :raises BudgetRefused: outside the range that the ERP gave, or while it has one to answer
    """
    agreement = BusinessAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    plan = BudgetPlan.objects.filter(agreement=agreement).first()
    if plan is None:
        raise BudgetRefused("", _("The ERP has not said yet which instalments are possible."))
    check_amount(plan, amount)
    for former in BudgetPlanChange.objects.filter(agreement=agreement).exclude(
        status__in=[WishStatus.CONFIRMED, WishStatus.REPLACED]
    ):
        if former.is_under_way:
            raise BudgetRefused("", _("The ERP has not answered the last change yet."))
        former.mark_replaced(at=timezone.now())
    change = BudgetPlanChange.objects.create(
        agreement=agreement,
        currency=plan.currency,
        amount=amount,
        former=plan.amount,
        valid_from=plan.next_due_on,
    )
    _tell("billing_sync.budget.requested", change, actor=actor)
    return change


def check_amount(plan: BudgetPlan, amount: Decimal) -> None:
    """
    Refuse an instalment that the ERP does not allow.

    :raises BudgetRefused: with the range
    """
    if not plan.least <= amount <= plan.most:
        raise BudgetRefused(
            "amount",
            _("The ERP allows %(least)s to %(most)s a month.")
            % {
                "least": _shown(plan.least, plan),
                "most": _shown(plan.most, plan),
            },
        )
    if amount % plan.step:
        raise BudgetRefused(
            "amount",
            _("The instalment goes in steps of %(step)s.") % {"step": _shown(plan.step, plan)},
        )
    if amount == plan.amount:
        raise BudgetRefused("amount", _("That is what is paid already."))


@transaction.atomic
def mark_change_sent(*, change_uuid: uuid.UUID) -> None:
    """Note that the ERP has the message."""
    change = _lock(change_uuid)
    if change.status == WishStatus.QUEUED:
        change.mark_sent()


@transaction.atomic
def confirm_change(*, change_uuid: uuid.UUID) -> None:
    """Note that the ERP has changed the plan; repetition changes nothing."""
    change = _lock(change_uuid)
    if change.status == WishStatus.CONFIRMED:
        return
    change.mark_confirmed(at=timezone.now())
    BudgetPlan.objects.filter(agreement=change.agreement).update(
        amount=change.amount, updated_at=timezone.now()
    )
    _tell("billing_sync.budget.confirmed", change, actor=None)


@transaction.atomic
def refuse_change(*, change_uuid: uuid.UUID, code: str, text: str) -> None:
    """Note the ERP's refusal."""
    change = _lock(change_uuid)
    if change.is_refused:
        return
    change.mark_refused(code=code, text=text)
    _tell("billing_sync.budget.refused", change, actor=None)


def _shown(amount: Decimal, plan: BudgetPlan) -> str:
    return format_money(amount, plan.currency, get_language() or "en")


def _lock(change_uuid: uuid.UUID) -> BudgetPlanChange:
    return (
        BudgetPlanChange.objects.select_for_update(of=("self",))
        .select_related("agreement__account")
        .get(uuid=change_uuid)
    )


def _tell(name: str, change: BudgetPlanChange, *, actor: User | None) -> None:
    recording.record(
        name,
        subject=change,
        actor=actor,
        account_uuid=change.agreement.account.uuid,
        payload={
            "agreement_uuid": str(change.agreement.uuid),
            "amount": str(change.amount),
            "valid_from": change.valid_from.isoformat(),
        },
    )
