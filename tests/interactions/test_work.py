"""Work waits, is offered to whom it fits, and goes on when nobody looks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from access.choices import SegmentCode
from conversations.choices import Channel as Way
from conversations.services.assigning import put_back
from conversations.services.opening import open_conversation
from interactions.choices import InteractionStatus
from interactions.choices.work import WorkStatus
from interactions.models import Call, Skill, WorkItem
from interactions.models import WorkQueue as Rules
from interactions.services.contacts import clear_contact, open_contact
from interactions.services.work.offering import (
    distribute,
    let_offers_run_out,
    offer_what_waits,
)
from interactions.services.work.taking import (
    WorkTaken,
    decline,
    finish_task,
    take,
)
from tests.factories.accounts import AccountFactory
from tests.factories.work import task, there

pytestmark = pytest.mark.django_db


def holder(item: WorkItem):
    item.refresh_from_db()
    return item.offered_to


@pytest.mark.covers("B-01")
def test_the_longest_idle_is_asked_first(agent, colleague) -> None:
    there(agent, idle=10)
    there(colleague, idle=60)
    first, second, third = task(), task(), task()
    assert distribute() == 2
    assert [holder(one) for one in (first, second, third)] == [colleague, agent, None]
    assert distribute() == 0


def test_who_closed_a_contact_just_now_has_not_been_idle(agent, colleague) -> None:
    there(agent, idle=60)
    there(colleague, idle=30)
    clear_contact(interaction=open_contact(agent=agent), agent=agent)
    item = task()
    distribute()
    assert holder(item) == colleague


def test_a_skill_is_asked_for(agent, colleague) -> None:
    german = Skill.objects.create(code="german", name="German")
    Rules.objects.create(name="Berlin", skill=german)
    there(agent, idle=99)
    there(colleague, german)
    item = task(queue="berlin")
    distribute()
    assert holder(item) == colleague


def test_what_is_urgent_comes_before_what_is_old(agent) -> None:
    Rules.objects.create(name="Faults", priority=1)
    there(agent)
    old, urgent = task(), task(queue="Faults")
    distribute()
    assert (holder(old), holder(urgent)) == (None, agent)


def test_what_nobody_can_take_holds_up_nothing_behind_it(agent, telephone) -> None:
    WorkItem.objects.bulk_create(
        WorkItem(kind="TASK", channel="TASK", title="Sign", waiting_since=timezone.now())
        for _number in range(60)
    )
    there(agent, tasks_at_once=0)
    telephone(extension="")
    distribute()
    assert holder(WorkItem.objects.get(kind="CALL")) == agent


@pytest.mark.parametrize(
    ("busy_with", "waits", "is_offered"),
    [
        ([], Way.CHAT, True),
        (["CHAT"], Way.CHAT, True),
        (["CHAT", "CHAT"], Way.CHAT, False),
        (["EMAIL", "EMAIL", "LETTER"], Way.EMAIL, False),
        (["EMAIL", "EMAIL", "LETTER"], Way.CHAT, True),
        (["PHONE"], Way.EMAIL, False),
        (["VISIT"], Way.CHAT, False),
    ],
)
def test_nobody_gets_more_than_they_can_take(agent, busy_with, waits, is_offered) -> None:
    there(agent)
    for channel in busy_with:
        open_contact(agent=agent, channel=channel)
    open_conversation(channel=waits, subject="My meter")
    assert distribute() == is_offered


def test_nobody_is_offered_a_customer_whom_they_may_not_see(
    agent, corporate_manager, regional_manager
) -> None:
    there(corporate_manager, idle=99)
    there(regional_manager, idle=99)
    item = task(account=AccountFactory(segment=SegmentCode.RESIDENTIAL))
    distribute()
    assert holder(item) is None  # one may not see the customer, the other handles no contacts
    there(agent)
    distribute()
    assert holder(item) == agent


def test_an_offer_runs_out_and_goes_to_the_next(agent, colleague) -> None:
    there(agent, idle=60)
    there(colleague)
    item = task()
    distribute()
    assert holder(item) == agent
    assert let_offers_run_out(now=timezone.now() + dt.timedelta(minutes=2)) == 1
    offer_what_waits()
    assert holder(item) == colleague


def test_when_everybody_has_declined_the_first_is_asked_again_after_a_while(agent) -> None:
    there(agent)
    item = task()
    distribute()
    decline(item=item, agent=agent)
    assert distribute() == 0
    later = timezone.now() + dt.timedelta(minutes=2)
    offer_what_waits(now=later)
    assert offer_what_waits(now=later) == 1


def test_an_offer_that_has_run_out_cannot_be_declined_or_taken_over(agent, colleague) -> None:
    there(agent)
    item = task()
    distribute()
    with pytest.raises(WorkTaken):
        take(item=item, agent=colleague)
    with pytest.raises(WorkTaken):
        decline(item=item, agent=colleague)
    take(item=item, agent=agent)
    assert take(item=item, agent=agent).status == WorkStatus.ACCEPTED
    with pytest.raises(WorkTaken):
        finish_task(item=item, agent=colleague)
    assert finish_task(item=item, agent=agent).status == WorkStatus.DONE


@pytest.mark.covers("B-01")
def test_a_call_in_a_queue_is_offered_taken_and_ends(telephone, agent) -> None:
    there(agent)
    telephone(sequence=1, extension="")
    item = WorkItem.objects.get()
    assert holder(item) == agent
    contact = take(item=item, agent=agent).contact
    assert contact is not None
    assert (contact.call, contact.queue) == (Call.objects.get(), "Sales")
    telephone("call.ended", sequence=9)
    contact.refresh_from_db()
    assert contact.status == InteractionStatus.WRAP_UP
    clear_contact(interaction=contact, agent=agent)
    distribute()
    item.refresh_from_db()
    assert item.status == WorkStatus.DONE


def test_a_caller_who_hangs_up_in_the_queue_is_offered_to_nobody(telephone, agent) -> None:
    telephone(sequence=1, extension="")
    telephone("call.missed", sequence=2, extension="")
    there(agent)
    assert distribute() == 0
    assert WorkItem.objects.get().status == WorkStatus.GONE


@pytest.mark.covers("B-01")
def test_a_conversation_waits_is_taken_and_waits_again_when_put_back(agent) -> None:
    there(agent)
    conversation = open_conversation(channel=Way.EMAIL, subject="My bill", priority=3)
    distribute()
    distribute()
    item = WorkItem.objects.get()
    assert (item.priority, holder(item)) == (3, agent)
    take(item=item, agent=agent)
    conversation.refresh_from_db()
    assert conversation.agent == agent
    put_back(conversation=conversation, agent=agent)
    distribute()
    assert sorted(WorkItem.objects.values_list("status", flat=True)) == ["DONE", "OFFERED"]


def test_a_conversation_whose_customer_is_found_goes_to_nobody_who_may_not_see_them(
    agent, corporate_manager
) -> None:
    conversation = open_conversation(channel=Way.EMAIL, subject="My bill")
    distribute()
    conversation.link(AccountFactory(segment=SegmentCode.RESIDENTIAL))
    item = WorkItem.objects.get()
    with pytest.raises(WorkTaken):
        take(item=item, agent=corporate_manager)
    there(corporate_manager)
    distribute()
    assert holder(item) is None


def test_nobody_sees_waiting_work_of_customers_they_may_not_see(
    client_for, corporate_manager, agent
) -> None:
    task("Ring the mill", account=AccountFactory(segment=SegmentCode.RESIDENTIAL))
    item = WorkItem.objects.get()
    assert "Ring the mill" in client_for(agent).get("/queue/").content.decode()
    manager = client_for(corporate_manager)
    assert "Ring the mill" not in manager.get("/queue/").content.decode()
    assert manager.post(f"/queue/{item.uuid}/take/").status_code == 404


def test_the_queue_costs_the_same_however_much_waits(
    client_for, agent, django_assert_max_num_queries
) -> None:
    for number in range(12):
        task(f"Task {number}")
    browser = client_for(agent)
    browser.get("/queue/?brief")
    with django_assert_max_num_queries(12):
        browser.get("/queue/?brief", headers={"HX-Request": "true"})


@pytest.mark.covers("B-01")
def test_on_a_locked_screen_a_call_opens_beside(client_for, agent, customer, telephone) -> None:
    browser = client_for(agent)
    contact = open_contact(agent=agent)
    contact.confirm(account=customer)
    browser.get(f"/contacts/{contact.uuid}/")
    telephone(sequence=1)
    before = browser.get("/live/?seen=none").content.decode()
    assert "is-locked" not in before
    browser.post("/live/lock/")
    locked = browser.get("/live/?seen=none").content.decode()
    assert "is-locked" in locked
    assert 'target="_blank"' in locked
    browser.post("/live/lock/")
    assert "is-locked" not in browser.get("/live/?seen=none").content.decode()
