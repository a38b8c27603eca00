"""What the clock does by itself, and that it does it once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse

from service.choices import CaseStatus, Compensation, EscalationLevel, Outcome
from service.models import Case, CaseClass, CaseStep, Promise
from service.services import closing, compensating, working
from service.services.answering import Answer, answer_case
from service.services.clockwork import each_on_its_own
from service.services.escalating import escalate_due_cases
from service.services.working import CaseNotOpen
from service.tasks import watch_clocks
from tests.service.conftest import kinds_of
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-45")
@pytest.mark.covers("C-47c")
def test_a_case_goes_to_the_supervisor_and_to_the_manager_each_once(
    open_one, pass_time, client_for, supervisor
):
    case = open_one("billing-inquiry")
    assert escalate_due_cases() == 0

    pass_time(case, seconds=int((case.warn_at - clock.now()).total_seconds()) + 1)
    assert [escalate_due_cases(), escalate_due_cases()] == [1, 0]
    case.refresh_from_db()
    assert case.escalation == EscalationLevel.SUPERVISOR

    pass_time(case, days=30)
    assert [escalate_due_cases(), escalate_due_cases()] == [1, 0]
    case.refresh_from_db()
    assert case.escalation == EscalationLevel.MANAGER
    assert kinds_of(case) == ["OPENED", "ESCALATED", "ESCALATED"]

    open_one("contract-inquiry")
    passed = client_for(supervisor).get(reverse("service:cases"), {"whose": "passed"})
    assert [one.number for one in passed.context["page"]] == [case.number]


def test_a_case_found_long_after_its_time_is_passed_up_twice_in_one_run(open_one):
    open_one("billing-inquiry", days_ago=60)

    assert escalate_due_cases() == 2


def test_a_row_that_goes_wrong_holds_up_no_other_and_leaves_nothing_half_done(open_one):
    broken, sound = (open_one("billing-inquiry", days_ago=days) for days in (61, 60))

    @transaction.atomic
    def pass_up(pk: int) -> int:
        Case.objects.get(pk=pk).escalate(level=EscalationLevel.MANAGER, escalates_at=None)
        return 60 // (pk - broken.pk)

    assert each_on_its_own([broken.pk, sound.pk], pass_up) > 0

    for case in (broken, sound):
        case.refresh_from_db()
    assert broken.escalation == EscalationLevel.NONE
    assert sound.escalation == EscalationLevel.MANAGER


def test_nothing_is_passed_up_while_the_clock_stands_or_after_the_answer(
    open_one, pass_time, agent
):
    CaseClass.objects.filter(code="refund").update(waiting_stops_clock=True)
    standing, taken_back = open_one("refund"), open_one("refund")
    working.ask_customer(case=standing, question="Your IBAN?", actor=agent)
    closing.close_case(case=taken_back, outcome=Outcome.TAKEN_BACK, reason="Found it", actor=agent)
    for case in (standing, taken_back):
        pass_time(case, days=60)

    assert escalate_due_cases() == 0


@pytest.mark.covers("N-06")
def test_a_late_answer_proposes_what_the_rule_foresees_and_granting_it_is_a_promise(
    open_one, supervisor, account
):
    case = open_one("final-bill-late", days_ago=40)
    escalate_due_cases()
    case.refresh_from_db()
    assert (case.compensation, case.compensation_amount) == (Compensation.PROPOSED, 30)
    assert "six weeks" in case.compensation_reason

    compensating.decide(
        case=case, is_granted=True, amount=30, reason="It is owed", actor=supervisor
    )

    promise = Promise.objects.get(account=account)
    assert (promise.kind, promise.case_id, promise.owner) == ("REFUND", case.pk, supervisor)
    with pytest.raises(CaseNotOpen):
        compensating.decide(case=case, is_granted=False, amount=0, reason="?", actor=supervisor)
    with pytest.raises(CaseNotOpen):
        compensating.propose(case=case, amount=5, reason="?", actor=supervisor)


@pytest.mark.covers("N-06")
def test_an_answer_that_is_late_proposes_it_too_though_the_clock_has_not_looked_and_is_found(
    open_one, agent, supervisor, client_for
):
    late, early = (open_one("final-bill-late", days_ago=days) for days in (40, 0))
    answer = Answer(Outcome.UPHELD, "You are right.", "It was late.", "It comes tomorrow.")

    for case in (late, early):
        answer_case(case=case, answer=answer, version=None, actor=agent)

    late.refresh_from_db()
    assert (late.compensation, late.compensation_amount) == (Compensation.PROPOSED, 30)
    assert kinds_of(late)[-2:] == ["ANSWERED", "COMPENSATION_PROPOSED"]
    found = client_for(supervisor).get(reverse("service:cases"), {"state": "compensation"})
    assert [one.number for one in found.context["page"]] == [late.number]


def test_an_answered_case_closes_by_itself_when_its_class_says_so(open_one, pass_time):
    quick, slow = open_one("billing-inquiry"), open_one("contract-inquiry")
    CaseClass.objects.filter(code="billing-inquiry").update(closes_after_days=14)
    for case in (quick, slow):
        case.mark_answered(at=clock.now(), outcome=Outcome.INFORMED)
        pass_time(case, days=15)

    watch_clocks()

    states = Case.objects.in_bulk([quick.pk, slow.pk])
    assert states[quick.pk].status == CaseStatus.CLOSED
    assert states[slow.pk].status == CaseStatus.ANSWERED
    assert CaseStep.objects.get(case=quick, kind="CLOSED").by is None


def test_the_clock_run_twice_changes_nothing_more(open_one):
    open_one("complaint", days_ago=100)
    watch_clocks()
    steps = CaseStep.objects.count()

    watch_clocks()

    assert CaseStep.objects.count() == steps
    assert dt.timedelta(0) <= clock.now() - CaseStep.objects.latest("id").at
