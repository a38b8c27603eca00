"""A conversation goes from hand to hand with all that is known of it, and never to two at once."""

from __future__ import annotations

import uuid

import pytest

from access.choices import Role
from conversations.choices import ConversationStatus
from conversations.models import Conversation, Handover, ReplyDraft
from conversations.services.drafting import Place, save_draft
from interactions.models import Interaction, Reason
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def colleague(agent):
    return make_person("grace", Role.PHONE_SALES_AGENT)


@pytest.fixture
def taken(desk, conversation, customer) -> Conversation:
    desk.post(url(conversation, "take/"))
    desk.post(f"/confirm/account/{customer.uuid}/")
    conversation.refresh_from_db()
    return conversation


def url(conversation: Conversation, rest: str = "") -> str:
    return f"/conversations/{conversation.uuid}/{rest}"


@pytest.mark.covers("B-01")
def test_a_colleague_gets_it_with_the_note_the_customer_and_what_was_begun(
    desk, taken, agent, colleague, customer, client_for
):
    save_draft(conversation=taken, author=agent, text="Dear M", place=Place(uuid.uuid4()))

    answer = desk.post(
        url(taken, "pass-on/"), {"colleague": colleague.pk, "note": "Ask for the meter"}
    )

    assert answer.status_code == 302
    theirs = client_for(colleague)
    assert taken.number in theirs.get("/conversations/?brief").content.decode()
    shown = theirs.get(url(taken)).content.decode()
    assert "Ask for the meter" in shown
    theirs.post(url(taken, "take/"))
    contact = Interaction.objects.get(agent=colleague)
    assert contact.account == customer
    shown = theirs.get(url(taken)).content.decode()
    assert "Dear M" in shown
    taken.refresh_from_db()
    assert (taken.agent, taken.contact_uuid) == (colleague, contact.uuid)


def test_who_passed_it_on_answers_no_more_and_keeps_what_they_typed(desk, taken, agent, colleague):
    save_draft(conversation=taken, author=agent, text="Dear M", place=Place(uuid.uuid4()))
    desk.post(url(taken, "pass-on/"), {"colleague": colleague.pk, "note": ""})

    answer = desk.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "Dear M"})

    assert answer.status_code == 422
    assert "Dear M" in answer.content.decode()
    assert ReplyDraft.objects.filter(author=agent, text="Dear M").exists()


def test_a_note_to_everybody_lets_it_wait_again(desk, taken):
    desk.post(url(taken, "pass-on/"), {"colleague": "", "note": "Who speaks Danish?"})

    taken.refresh_from_db()
    assert (taken.status, taken.agent) == (ConversationStatus.NEW, None)
    assert "Who speaks Danish?" in desk.get(url(taken)).content.decode()


def test_nobody_gets_a_customer_whom_they_may_not_see(desk, taken, corporate_manager):
    answer = desk.post(url(taken, "pass-on/"), {"colleague": corporate_manager.pk, "note": "x"})

    assert answer.status_code == 422
    taken.refresh_from_db()
    assert taken.agent != corporate_manager
    assert not Handover.objects.exists()


def test_a_supervisor_takes_it_out_of_the_hands_of_who_is_away_and_an_agent_does_not(
    taken, client_for, supervisor, colleague
):
    assert client_for(colleague).post(url(taken, "back/")).status_code == 422

    client_for(supervisor).post(url(taken, "back/"))

    taken.refresh_from_db()
    assert taken.status == ConversationStatus.NEW


@pytest.mark.covers("B-18")
def test_a_page_is_always_shown_under_its_own_contact(desk, taken, conversation):
    desk.post("/contacts/new/", {"channel": "PHONE", "direction": "INBOUND"})
    other = Interaction.objects.exclude(uuid=taken.contact_uuid).get()
    desk.get(f"/contacts/{other.uuid}/")

    desk.get(url(taken), follow=True)

    assert desk.session["interaction"] == str(taken.contact_uuid)


def test_wrapping_the_contact_up_leaves_the_rest_to_be_taken_up_anew(desk, taken, agent):
    reason = Reason.objects.filter(parent__isnull=False).first()
    desk.post(
        f"/contacts/{taken.contact_uuid}/wrap-up/",
        {"reason": reason.code, "result": "RESOLVED", "notes": ""},
    )

    taken.refresh_from_db()
    assert (taken.status, taken.agent, taken.contact_uuid) == ("ASSIGNED", agent, None)
    refused = desk.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "Late"})
    assert refused.status_code == 422
