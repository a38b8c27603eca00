"""A case from its receipt to its end, and each way that is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from events.models import Event
from service.choices import CaseStatus, Outcome
from service.models import CalendarDay, Case, CaseClass
from service.queries.cases import clock_of, history_of
from service.services import closing, working
from service.services.opening import About, CannotOpen
from service.services.working import CaseNotOpen
from tests.factories.accounts import BusinessAgreementFactory
from tests.service.conftest import kinds_of
from utilcrm import clock
from utilcrm.workdays import WorkCalendar

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-45")
@pytest.mark.covers("C-47c")
def test_the_class_sets_the_clock_which_starts_on_the_day_of_receipt(open_one):
    case = open_one("bill-dispute", days_ago=4)

    received = clock.local_date(case.received_at)
    calendar = WorkCalendar("GB")
    assert case.due_on == calendar.working_days_after(received, 10)
    assert case.due_at == clock.start_of_day(case.due_on + dt.timedelta(days=1))
    assert case.received_at < case.warn_at < case.due_at
    assert clock.local_date(
        case.receipt_due_at - dt.timedelta(seconds=1)
    ) == calendar.working_days_after(received, 2)
    assert case.deadlock_at is None


def test_a_complaint_has_its_eight_weeks_and_a_bridge_day_moves_working_days(open_one):
    case = open_one("complaint")
    today = clock.today()
    assert case.due_on == today + dt.timedelta(weeks=8)
    assert clock.local_date(case.deadlock_at) == today + dt.timedelta(weeks=8, days=1)

    before = open_one("payment-difficulty").due_on
    next_day = WorkCalendar("GB").working_days_after(today, 1)
    CalendarDay.objects.create(day=next_day, name="Bridge day")
    assert open_one("payment-difficulty").due_on > before


def test_a_case_is_recorded_with_who_and_when_and_tells_the_timeline(open_one, agent, account):
    case = open_one(owner=agent)

    assert kinds_of(case) == ["OPENED", "ASSIGNED"]
    assert case.status == CaseStatus.IN_PROGRESS
    told = Event.objects.get(name="service.case.opened")
    assert (told.account_uuid, told.actor_id) == (account.uuid, agent.pk)


def test_what_is_another_customer_s_or_to_come_or_switched_off_is_refused(open_one):
    other = BusinessAgreementFactory()
    with pytest.raises(CannotOpen, match="another customer") as refused:
        open_one(about=About(agreement=other))
    assert refused.value.field == "agreement"
    with pytest.raises(CannotOpen, match="future"):
        open_one(days_ago=-1)
    CaseClass.objects.filter(code="refund").update(is_active=False)
    with pytest.raises(CannotOpen, match="not used"):
        open_one("refund")
    assert not Case.objects.exists()


@pytest.mark.parametrize("stands", [False, True])
def test_waiting_for_the_customer_moves_the_end_only_if_the_class_says_so(
    open_one, pass_time, agent, stands
):
    CaseClass.objects.filter(code="data-protection").update(waiting_stops_clock=stands)
    case = open_one("data-protection")
    working.ask_customer(case=case, question="Which of your meters?", actor=agent)
    pass_time(case, days=3)
    due_before = case.due_on

    case = working.take_up_reply(case=case, reply="The one in the cellar", actor=agent)

    assert (case.due_on - due_before).days == (3 if stands else 0)
    assert case.status == CaseStatus.IN_PROGRESS
    assert case.escalates_at == case.warn_at
    assert kinds_of(case) == ["OPENED", "WAITING", "RESUMED"]


def test_asking_twice_and_hearing_what_nobody_asked_is_refused(open_one, agent):
    case = open_one()
    with pytest.raises(CaseNotOpen):
        working.take_up_reply(case=case, reply="?", actor=agent)
    working.ask_customer(case=case, question="?", actor=agent)
    with pytest.raises(CaseNotOpen):
        working.ask_customer(case=case, question="?", actor=agent)
    with pytest.raises(CaseNotOpen):
        working.reclassify(case=case, case_class=CaseClass.objects.first(), actor=agent)


def test_another_class_reckons_the_clock_anew_from_the_day_of_receipt(open_one, agent):
    case = open_one("billing-inquiry", days_ago=3)

    case = working.reclassify(
        case=case, case_class=CaseClass.objects.get(code="complaint"), actor=agent
    )

    assert case.due_on == clock.local_date(case.received_at) + dt.timedelta(weeks=8)
    assert case.deadlock_at is not None
    assert kinds_of(case)[-1] == "RECLASSIFIED"


def test_another_class_of_a_reopened_case_reckons_from_there(open_one, agent):
    case = open_one(days_ago=300)
    closing.close_case(case=case, outcome=Outcome.INFORMED, reason="By telephone", actor=agent)
    closing.reopen_case(case=case, reason="That is not true", actor=agent)

    case = working.reclassify(
        case=case, case_class=CaseClass.objects.get(code="complaint"), actor=agent
    )

    assert case.due_on == clock.today() + dt.timedelta(weeks=8)
    assert not case.is_overdue


def test_a_case_without_an_answer_is_closed_only_with_a_reason(open_one, agent):
    case = open_one()
    with pytest.raises(CaseNotOpen, match="no answer yet"):
        closing.close_case(case=case, actor=agent)

    closed = closing.close_case(
        case=case, outcome=Outcome.TAKEN_BACK, reason="It has settled itself.", actor=agent
    )
    assert closed.status == CaseStatus.CLOSED
    with pytest.raises(CaseNotOpen):
        closing.close_case(case=case, outcome=Outcome.TAKEN_BACK, reason="Again", actor=agent)


@pytest.mark.covers("C-47c")
def test_the_next_class_opens_by_itself_once(open_one, agent):
    following = CaseClass.objects.get(code="refund")
    CaseClass.objects.filter(code="bill-dispute").update(next_class=following)
    case = open_one("bill-dispute", owner=agent, about=About(bill_number="4711"))

    closing.close_case(case=case, outcome=Outcome.UPHELD, reason="By telephone", actor=agent)

    opened = Case.objects.get(follows=case)
    assert (opened.case_class, opened.owner, opened.bill_number) == (following, agent, "4711")
    assert kinds_of(case)[-1] == "CONTINUED"
    closing.reopen_case(case=case, reason="More money", actor=agent)
    closing.close_case(case=case, outcome=Outcome.UPHELD, reason="Again", actor=agent)
    assert Case.objects.filter(follows=case).count() == 1


def test_a_reopened_case_begins_its_clock_anew_today(open_one, agent):
    case = open_one(days_ago=30)
    closing.close_case(case=case, outcome=Outcome.INFORMED, reason="By telephone", actor=agent)

    case = closing.reopen_case(case=case, reason="That is not true", actor=agent)

    assert case.status == CaseStatus.REOPENED
    assert (case.round, case.escalation, case.outcome) == (2, 0, "")
    assert clock_of(case, history_of(case)).used == 0
    assert case.due_on == WorkCalendar("GB").working_days_after(clock.today(), 5)
    with pytest.raises(CaseNotOpen):
        closing.reopen_case(case=case, reason="Twice", actor=agent)
