"""Deciding on money for a breach of ours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from service.choices import ClockUnit, Compensation, PromiseKind, StepKind
from service.models import Case
from service.queries.clocks import last_day, tenant_calendar
from service.services.history import note_step
from service.services.promising import make_promise
from service.services.working import CaseNotOpen, lock_case
from utilcrm import clock

PAID_WITHIN = 10
"""Working days in which compensation reaches the customer: the promise made with granting it."""


def propose_by_rule(case: Case) -> None:
    """Propose what the class foresees for an answer that is late, once; the case is locked."""
    rules = case.case_class
    if not rules.compensation_amount or case.compensation != Compensation.NONE:
        return
    case.propose_compensation(amount=rules.compensation_amount, reason=rules.compensation_rule)
    note_step(
        case,
        StepKind.COMPENSATION_PROPOSED,
        actor=None,
        text=rules.compensation_rule,
        amount=str(rules.compensation_amount),
    )


@transaction.atomic
def propose(*, case: Case, amount: Decimal, reason: str, actor: User) -> Case:
    """
    Propose money by hand.

    :raises CaseNotOpen: if there is a proposal, or a decision already
    """
    locked = lock_case(case)
    if locked.compensation:
        raise CaseNotOpen(_("Compensation was proposed already."))
    locked.propose_compensation(amount=amount, reason=reason)
    note_step(locked, StepKind.COMPENSATION_PROPOSED, actor=actor, text=reason, amount=str(amount))
    return locked


@transaction.atomic
def decide(*, case: Case, is_granted: bool, amount: Decimal, reason: str, actor: User) -> Case:
    """
    Grant or decline what was proposed; what is granted is promised to the customer at once.

    :raises CaseNotOpen: if nothing waits for a decision
    """
    locked = lock_case(case)
    if not locked.compensation_is_proposed:
        raise CaseNotOpen(_("No compensation waits for a decision."))
    locked.decide_compensation(is_granted=is_granted, amount=amount, reason=reason)
    note_step(
        locked,
        StepKind.COMPENSATION_DECIDED,
        actor=actor,
        text=reason,
        amount=str(amount),
        is_granted=is_granted,
    )
    if is_granted:
        day = last_day(tenant_calendar(), clock.today(), PAID_WITHIN, ClockUnit.WORKING_DAY)
        make_promise(
            account=locked.account,
            kind=PromiseKind.REFUND,
            text=_("Compensation for case %(number)s") % {"number": locked.number},
            due_at=clock.start_of_day(day + dt.timedelta(days=1)),
            owner=locked.owner or actor,
            case=locked,
            actor=actor,
        )
    return locked
