"""Working on a case: whose it is, what was found out, whether the customer is asked."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from access.queries import segments_of
from service.choices import CaseStatus, EscalationLevel, StepKind
from service.models import Case, CaseClass
from service.queries.clocks import dates_of, moved_by
from service.services.history import note_step
from utilcrm import clock


class CaseNotOpen(Exception):
    """The state of the case does not allow this, for instance because a colleague was faster."""


def lock_case(case: Case, version: int | None = None) -> Case:
    """
    Return the case locked, to be changed in the caller's transaction.

    :raises utilcrm.db.models.StaleVersion: if it is not the version that the person has seen
    """
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("account", "case_class", "owner")
        .get(pk=case.pk)
        .require_version(version)
    )


def require_unanswered(case: Case) -> None:
    """
    Refuse work on a case whose customer has an answer.

    :raises CaseNotOpen: saying what it is
    """
    if not case.is_unanswered:
        raise CaseNotOpen(
            _("Case %(number)s is %(status)s; there is nothing to work on.")
            % {"number": case.number, "status": case.get_status_display().lower()}
        )


class CannotWork(ValueError):
    """Whoever it is to be given to may not work on it; `field` names the field of the form."""

    field = "to"


@transaction.atomic
def assign_case(*, case: Case, to: User | None, version: int | None, actor: User) -> Case:
    """
    Give a case to somebody, to oneself, or back to everybody.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed the case meanwhile
    :raises CaseNotOpen: if it is closed
    :raises CannotWork: if that person may not work on cases, or not see this customer
    """
    locked = lock_case(case, version)
    if not locked.is_open:
        raise CaseNotOpen(_("This case is closed."))
    if locked.owner_id == (to.pk if to else None):
        return locked
    if to is not None:
        _require_worker(to, locked)
    locked.assign(to)
    note_step(locked, StepKind.ASSIGNED, actor=actor, text=str(to) if to else _("Nobody"))
    return locked


def _require_worker(person: User, case: Case) -> None:
    may = person.is_active and person.has_perm("service.work_case")
    if not may or case.account.segment not in segments_of(person):
        raise CannotWork(
            _("%(person)s cannot see this customer, or may not work on cases.") % {"person": person}
        )


@transaction.atomic
def note(*, case: Case, text: str, actor: User) -> Case:
    """Add a note; possible in every state, so that nothing said is lost."""
    locked = lock_case(case)
    note_step(locked, StepKind.NOTED, actor=actor, text=text)
    return locked


@transaction.atomic
def ask_customer(*, case: Case, question: str, actor: User) -> Case:
    """
    Note that the customer was asked something; the clock stands only if the class says so.

    :raises CaseNotOpen: if the customer has an answer already, or is being asked
    """
    locked = lock_case(case)
    require_unanswered(locked)
    if locked.status == CaseStatus.WAITING:
        raise CaseNotOpen(_("The customer is being asked already."))
    stands = locked.case_class.waiting_stops_clock
    locked.mark_waiting(since=clock.now(), escalates_at=None if stands else locked.escalates_at)
    note_step(locked, StepKind.WAITING, actor=actor, text=question)
    return locked


@transaction.atomic
def take_up_reply(*, case: Case, reply: str, actor: User | None) -> Case:
    """
    Go on, because the customer has answered; the days the clock stood are added to its end.

    :raises CaseNotOpen: if nothing was asked
    """
    locked = lock_case(case)
    if locked.status != CaseStatus.WAITING or locked.waiting_since is None:
        raise CaseNotOpen(_("Nothing was asked of the customer."))
    due_at, warn_at, escalates_at = locked.due_at, locked.warn_at, locked.escalates_at
    if locked.clock_stands:
        stood = {"stood_since": locked.waiting_since, "until": clock.now()}
        due_at = moved_by(locked.case_class, moment=due_at, **stood)
        warn_at += due_at - locked.due_at
        escalates_at = {
            EscalationLevel.NONE: warn_at,
            EscalationLevel.SUPERVISOR: due_at,
        }.get(EscalationLevel(locked.escalation))
    locked.mark_resumed(due_at=due_at, warn_at=warn_at, escalates_at=escalates_at)
    note_step(locked, StepKind.RESUMED, actor=actor, text=reply)
    return locked


@transaction.atomic
def reclassify(
    *, case: Case, case_class: CaseClass, version: int | None = None, actor: User
) -> Case:
    """
    Put a case into another class; its clock is reckoned anew, from the day of receipt, or from the
    day on which it was reopened.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed the case meanwhile
    :raises CaseNotOpen: if the customer has an answer, or is being asked
    """
    locked = lock_case(case, version)
    require_unanswered(locked)
    if locked.status == CaseStatus.WAITING:
        raise CaseNotOpen(_("Note the customer's reply first: the clock depends on it."))
    if locked.case_class_id == case_class.pk:
        return locked
    before = locked.case_class.label
    locked.put_into(case_class, **vars(dates_of(case_class, since=_begun_at(locked))))
    note_step(
        locked,
        StepKind.RECLASSIFIED,
        actor=actor,
        text=_("%(before)s → %(after)s") % {"before": before, "after": case_class.label},
    )
    return locked


def _begun_at(case: Case) -> dt.datetime:
    """Return when the present round of a case's clock has begun."""
    reopened = case.steps.filter(kind=StepKind.REOPENED).order_by("-id")
    return reopened.values_list("at", flat=True).first() or case.received_at
