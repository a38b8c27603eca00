"""Passing cases up by the clock. Runs as often as it likes: each step of each case is done once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from service.choices import EscalationLevel, StepKind
from service.models import Case
from service.services.clockwork import each_on_its_own
from service.services.compensating import propose_by_rule
from service.services.history import note_step
from utilcrm import clock


def escalate_due_cases() -> int:
    """
    Pass up every case whose time for it has come; return how many steps that were.

    A case is worked through in transactions of its own, and one that somebody holds just now is
    left to the next run: nobody waits for the clock.
    """
    due = Case.objects.filter(escalates_at__lte=clock.now()).order_by("escalates_at")
    return each_on_its_own(due.values_list("pk", flat=True), _escalate)


def _escalate(pk: int) -> int:
    steps = 0
    while _escalate_once(pk, clock.now()):
        steps += 1
    return steps


@transaction.atomic
def _escalate_once(pk: int, now: dt.datetime) -> bool:
    case = (
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, escalates_at__lte=now)
        .select_related("account", "case_class")
        .first()
    )
    if case is None:
        return False
    if case.escalation == EscalationLevel.NONE:
        case.escalate(level=EscalationLevel.SUPERVISOR, escalates_at=case.due_at)
        text = _("The time for an answer is running out.")
    else:
        case.escalate(level=EscalationLevel.MANAGER, escalates_at=None)
        text = _("The time for an answer is over.")
    note_step(case, StepKind.ESCALATED, actor=None, text=text, level=case.escalation)
    if case.escalation == EscalationLevel.MANAGER:
        propose_by_rule(case)
    return True
