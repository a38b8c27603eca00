"""One line in a case's history, and the fact that others hear of."""

from __future__ import annotations

from typing import Any

from access.models import User
from events.services import recording
from service.choices import StepKind
from service.models import Case, CaseStep
from utilcrm import clock

_FACTS: dict[str, str] = {
    StepKind.OPENED: "service.case.opened",
    StepKind.ACKNOWLEDGED: "service.case.acknowledged",
    StepKind.ASSIGNED: "service.case.assigned",
    StepKind.NOTED: "service.case.noted",
    StepKind.WAITING: "service.case.waiting",
    StepKind.RESUMED: "service.case.resumed",
    StepKind.RECLASSIFIED: "service.case.reclassified",
    StepKind.ESCALATED: "service.case.escalated",
    StepKind.ANSWERED: "service.case.answered",
    StepKind.CLOSED: "service.case.closed",
    StepKind.REOPENED: "service.case.reopened",
    StepKind.DEADLOCK: "service.case.deadlocked",
    StepKind.LETTER_BLOCKED: "service.letter.blocked",
    StepKind.COMPENSATION_PROPOSED: "service.compensation.proposed",
    StepKind.COMPENSATION_DECIDED: "service.compensation.decided",
    StepKind.CONTINUED: "service.case.continued",
}


def note_step(
    case: Case, kind: StepKind, *, actor: User | None, text: str = "", **facts: Any
) -> CaseStep:
    """
    Write a line of history and record the fact, as the last thing in the caller's transaction.

    :param actor: who did it; None for the clock
    :param facts: what else the event says; JSON
    """
    step = CaseStep.objects.create(case=case, kind=kind, at=clock.now(), by=actor, text=text)
    recording.record(
        _FACTS[kind],
        subject=case,
        actor=actor,
        account_uuid=case.account.uuid,
        payload={"case_number": case.number, "text": text[:500], **facts},
    )
    return step
