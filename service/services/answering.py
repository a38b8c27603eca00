"""What the customer hears: the receipt, the answer, and the letter when there is no way on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from service.choices import UNANSWERED, CaseStatus, LetterPurpose, StepKind
from service.models import Case, CaseStep
from service.services.clockwork import each_on_its_own
from service.services.compensating import propose_by_rule
from service.services.history import note_step
from service.services.lettering import LetterIncomplete, issue_letter
from service.services.working import CaseNotOpen, lock_case
from utilcrm import clock


@dataclass(frozen=True)
class Answer:
    """What a person decides about a case and says to the customer, in the customer's language."""

    outcome: str
    decision: str
    reasons: str = ""
    redress: str = ""

    def parts(self) -> dict[str, str]:
        """Return the parts of the letter that were typed."""
        return {"decision": self.decision, "reasons": self.reasons, "redress": self.redress}


@transaction.atomic
def send_receipt(*, case: Case, actor: User | None) -> Case:
    """
    Tell the customer that the case is here and when it will be answered.

    :raises CaseNotOpen: if that was done
    :raises service.services.lettering.LetterIncomplete: naming what is missing
    """
    locked = lock_case(case)
    if locked.acknowledged_at is not None:
        raise CaseNotOpen(_("The receipt was sent already."))
    letter = issue_letter(case=locked, purpose=LetterPurpose.RECEIPT, typed={}, actor=actor)
    locked.mark_acknowledged(at=clock.now())
    note_step(
        locked,
        StepKind.ACKNOWLEDGED,
        actor=actor,
        text=letter.sent_to,
        document_uuid=str(letter.document.uuid),
    )
    return locked


@transaction.atomic
def answer_case(*, case: Case, answer: Answer, version: int | None, actor: User) -> Case:
    """
    Answer a case: the letter is made and mailed, the clock has done its work.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed the case meanwhile
    :raises CaseNotOpen: if it has an answer, or is closed
    :raises service.services.lettering.LetterIncomplete: naming what is missing
    """
    locked = lock_case(case, version)
    if locked.status not in UNANSWERED | {CaseStatus.DEADLOCK}:
        raise CaseNotOpen(_("This case has an answer already."))
    letter = issue_letter(
        case=locked, purpose=LetterPurpose.ANSWER, typed=answer.parts(), actor=actor
    )
    locked.mark_answered(at=clock.now(), outcome=answer.outcome)
    note_step(
        locked,
        StepKind.ANSWERED,
        actor=actor,
        text=answer.decision,
        outcome=answer.outcome,
        document_uuid=str(letter.document.uuid),
        was_late=locked.was_late,
    )
    if locked.was_late:
        # The clock may not have looked since its time was over.
        propose_by_rule(locked)
    return locked


def send_deadlock_letters() -> int:
    """
    Write to every customer whose case has had no answer for as long as its class allows.

    A letter that lacks something is not sent: the case says once what is missing, and is tried
    again at every run. Return how many letters were made.
    """
    due = Case.objects.filter(status__in=UNANSWERED, deadlock_at__lte=clock.now())
    return each_on_its_own(
        due.order_by("deadlock_at").values_list("pk", flat=True), _tell_of_deadlock
    )


@transaction.atomic
def _tell_of_deadlock(pk: int) -> bool:
    case = (
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, status__in=UNANSWERED)
        .select_related("account", "case_class", "owner")
        .first()
    )
    if case is None:
        return False
    try:
        letter = issue_letter(case=case, purpose=LetterPurpose.DEADLOCK, typed={}, actor=None)
    except LetterIncomplete as incomplete:
        _say_once(case, str(incomplete))
        return False
    case.mark_deadlock()
    note_step(
        case,
        StepKind.DEADLOCK,
        actor=None,
        text=letter.sent_to,
        document_uuid=str(letter.document.uuid),
    )
    return True


def _say_once(case: Case, text: str) -> None:
    last = CaseStep.objects.filter(case=case, kind=StepKind.LETTER_BLOCKED).order_by("-id").first()
    if last is None or last.text != text:
        note_step(case, StepKind.LETTER_BLOCKED, actor=None, text=text)
