"""The end of a case, and what comes after it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from service.choices import CaseStatus, Outcome, StepKind
from service.models import Case, CaseClass
from service.queries.clocks import dates_of
from service.services.clockwork import each_on_its_own
from service.services.history import note_step
from service.services.opening import About, open_case
from service.services.working import CaseNotOpen, lock_case
from utilcrm import clock


@transaction.atomic
def close_case(
    *,
    case: Case,
    outcome: str = "",
    reason: str = "",
    version: int | None = None,
    actor: User | None,
) -> Case:
    """
    Close a case: after its answer, or without one when the customer has taken it back.

    If its class is followed by another one, a case of that class is opened.

    :param outcome: what came of it; empty = what the answer said
    :param reason: why it needs no answer; needed if there is none
    :raises utilcrm.db.models.StaleVersion: if somebody else changed the case meanwhile
    :raises CaseNotOpen: if it is closed, or has no answer and nobody says why
    """
    locked = lock_case(case, version)
    outcome = outcome or locked.outcome
    if not locked.is_open:
        raise CaseNotOpen(_("This case is closed already."))
    if locked.answered_at is None and not (outcome and reason):
        raise CaseNotOpen(_("The customer has no answer yet. Answer, or say why none is needed."))
    locked.mark_closed(at=clock.now(), outcome=outcome)
    note_step(locked, StepKind.CLOSED, actor=actor, text=reason, outcome=outcome)
    _open_next(locked, actor)
    return locked


@transaction.atomic
def reopen_case(*, case: Case, reason: str, actor: User | None) -> Case:
    """
    Take a case up once more; the clock of its class begins anew, today.

    :raises CaseNotOpen: if the customer has no answer yet
    """
    locked = lock_case(case)
    if locked.status not in {CaseStatus.ANSWERED, CaseStatus.CLOSED}:
        raise CaseNotOpen(_("This case is open."))
    dates = dates_of(locked.case_class, since=clock.now())
    locked.mark_reopened(due_at=dates.due_at, warn_at=dates.warn_at, deadlock_at=dates.deadlock_at)
    note_step(locked, StepKind.REOPENED, actor=actor, text=reason, round=locked.round)
    return locked


def close_answered_cases() -> int:
    """Close what was answered long enough ago and whose class says so; return how many."""
    closed = 0
    for rules in CaseClass.objects.filter(closes_after_days__gt=0):
        since = clock.now() - dt.timedelta(days=rules.closes_after_days)
        rows = Case.objects.filter(
            status=CaseStatus.ANSWERED, case_class=rules, answered_at__lte=since
        )
        closed += each_on_its_own(rows.values_list("pk", flat=True), _close_by_itself)
    return closed


def _close_by_itself(pk: int) -> bool:
    try:
        close_case(
            case=Case.objects.get(pk=pk), reason=_("No word from the customer since."), actor=None
        )
    except CaseNotOpen:
        return False
    return True


def _open_next(case: Case, actor: User | None) -> None:
    following = case.case_class.next_class
    has_one = Case.objects.filter(follows=case).exists()
    taken_back = case.outcome == Outcome.TAKEN_BACK
    if following is None or not following.is_active or has_one or taken_back:
        return
    opened = open_case(
        case_class=following,
        account=case.account,
        channel=case.channel,
        subject=case.subject,
        about=About(
            agreement=case.agreement,
            premise=case.premise,
            contract_item=case.contract_item,
            bill_number=case.bill_number,
            bill_line=case.bill_line,
        ),
        owner=case.owner,
        follows=case,
        actor=actor,
    )
    note_step(case, StepKind.CONTINUED, actor=actor, text=opened.number)
