"""A contact goes to a colleague with everything that belongs to it."""

from __future__ import annotations

import pytest

from access.choices import SegmentCode
from conversations.choices import Channel as Way
from conversations.services.opening import open_conversation
from interactions.choices import InteractionStatus
from interactions.choices.work import WorkStatus
from interactions.models import Call, Interaction, WorkItem
from interactions.services.confirming import confirm_account
from interactions.services.contacts import ContactEnded, open_contact
from interactions.services.noting import save_scratch_pad
from interactions.services.work.offering import distribute
from interactions.services.work.taking import NobodyThere, WorkTaken, decline, hand_over, take
from interactions.services.work.waiting import wait_for_colleague
from tests.factories.accounts import AccountFactory
from tests.factories.work import there

pytestmark = pytest.mark.django_db


def holder(item: WorkItem):
    item.refresh_from_db()
    return item.offered_to


@pytest.mark.covers("B-01")
def test_a_colleague_takes_over_with_customer_and_scratch_pad(
    agent, colleague, customer, client_for
) -> None:
    contact = open_contact(agent=agent, channel="CHAT")
    contact.confirm(account=customer)
    save_scratch_pad(interaction=contact, agent=agent, text="Meter number ends in 77")
    contact.refresh_from_db()
    conversation = open_conversation(channel=Way.CHAT, subject="Hello")
    conversation.take(agent=agent, contact_uuid=contact.uuid)
    there(colleague)
    hand_over(contact=contact, agent=agent, colleague=colleague, note="She wants a callback")
    distribute()
    item = WorkItem.objects.get()
    assert holder(item) == colleague
    browser = client_for(colleague)
    offer = browser.get("/live/?seen=none").content.decode()
    assert "Marjorie Thistlewood" in offer
    assert "She wants a callback" in offer
    take(item=item, agent=colleague)
    contact.refresh_from_db()
    conversation.refresh_from_db()
    assert (contact.agent, conversation.agent) == (colleague, colleague)
    pad = browser.get(f"/contacts/{contact.uuid}/scratch-pad/").content.decode()
    assert "Meter number ends in 77" in pad
    assert "She wants a callback" in pad  # what was said to the colleague does not vanish either
    with pytest.raises(ContactEnded):
        save_scratch_pad(interaction=contact, agent=agent, text="Mine")


def test_a_line_that_is_passed_on_at_the_telephone_takes_its_contact_along(
    telephone, agent, colleague
) -> None:
    there(colleague)
    telephone(sequence=1)
    telephone("call.answered", sequence=2)
    contact = open_contact(agent=agent, call=Call.objects.get())
    telephone("call.transferred", sequence=3, extension="102", queue="")
    item = WorkItem.objects.get()
    assert (item.for_agent, holder(item)) == (colleague, colleague)
    take(item=item, agent=colleague)
    assert Interaction.objects.get().agent == colleague
    telephone("call.ended", sequence=4, extension="102")
    contact.refresh_from_db()
    assert contact.status == InteractionStatus.WRAP_UP


@pytest.mark.parametrize("to", ["nobody", "oneself", "somebody_blind"])
def test_a_contact_cannot_be_handed_to_whom_it_does_not_fit(
    agent, corporate_manager, customer, to
) -> None:
    contact = open_contact(agent=agent)
    contact.confirm(account=customer)
    person = {"nobody": None, "oneself": agent, "somebody_blind": corporate_manager}[to]
    with pytest.raises(NobodyThere):
        hand_over(contact=contact, agent=agent, colleague=person)
    assert not WorkItem.objects.exists()


def test_who_declines_a_handover_is_not_asked_again_and_its_agent_is_told(
    agent, colleague, contact, client_for
) -> None:
    there(colleague)
    hand_over(contact=contact, agent=agent, colleague=colleague)
    distribute()
    decline(item=WorkItem.objects.get(), agent=colleague)
    assert WorkItem.objects.get().status == WorkStatus.GONE
    told = client_for(agent).get("/live/?seen=none").content.decode()
    assert f"{colleague} cannot take the contact over" in told
    hand_over(contact=contact, agent=agent, colleague=colleague)
    assert "cannot take" not in client_for(agent).get("/live/?seen=none").content.decode()


def test_a_contact_that_is_offered_anew_goes_to_the_new_colleague(
    agent, colleague, supervisor, contact
) -> None:
    there(colleague)
    hand_over(contact=contact, agent=agent, colleague=supervisor)
    hand_over(contact=contact, agent=agent, colleague=colleague, note="Speaks Polish")
    distribute()
    waiting = WorkItem.objects.exclude(status=WorkStatus.GONE).get()
    assert (waiting.offered_to, waiting.note) == (colleague, "Speaks Polish")


def test_whom_a_contact_is_about_may_be_found_out_while_it_waits(
    agent, corporate_manager, client_for
) -> None:
    contact = open_contact(agent=agent)
    wait_for_colleague(contact=contact, given_by=agent, for_agent=corporate_manager)
    hidden = AccountFactory(segment=SegmentCode.RESIDENTIAL, last_name="Quillfeather")
    browser = client_for(corporate_manager)
    assert contact.number in browser.get("/queue/").content.decode()
    confirm_account(account=hidden, agent=agent, interaction=contact)
    item = WorkItem.objects.get()
    assert "Quillfeather" not in browser.get("/queue/").content.decode()
    assert browser.post(f"/queue/{item.uuid}/take/").status_code == 404
    with pytest.raises(WorkTaken):
        take(item=item, agent=corporate_manager)
