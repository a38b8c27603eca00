"""An agent takes a conversation up and finds out whose it is."""

from __future__ import annotations

import pytest

from access.choices import Role
from conversations.choices import ConversationStatus
from conversations.models import Attachment, Conversation
from conversations.services.noticing import WAITING, newest
from conversations.services.taking import take_in
from events.queries import for_account
from interactions.models import Interaction
from interactions.services.work.offering import distribute
from interactions.services.work.presence import change_presence
from tests.conversations.writing import letter
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def taken(desk, conversation) -> Conversation:
    desk.post(f"/conversations/{conversation.uuid}/take/")
    conversation.refresh_from_db()
    return conversation


def url(conversation: Conversation, rest: str = "") -> str:
    return f"/conversations/{conversation.uuid}/{rest}"


def page(desk, conversation: Conversation) -> str:
    return desk.get(url(conversation)).content.decode()


@pytest.mark.covers("B-01", "B-21")
def test_taking_a_conversation_up_opens_a_contact_by_its_channel(taken, agent):
    contact = Interaction.objects.get()

    assert taken.status == ConversationStatus.ASSIGNED
    assert (taken.agent, taken.contact_uuid) == (agent, contact.uuid)
    assert (contact.channel, contact.direction, contact.account) == ("EMAIL", "INBOUND", None)


@pytest.mark.covers("A-12")
def test_the_wrap_up_reminds_of_what_is_not_answered(desk, taken):
    shown = desk.get(f"/contacts/{taken.contact_uuid}/wrap-up/").content.decode()

    assert f"Conversation {taken.number} is neither answered nor done." in shown


@pytest.mark.covers("B-01")
def test_the_customer_is_proposed_by_the_address_and_confirmed_by_the_agent_only(
    customer, desk, taken
):
    shown = page(desk, taken)
    assert "Marjorie Thistlewood" in shown
    assert f"/confirm/account/{customer.uuid}/" in shown
    assert Interaction.objects.get().account is None

    desk.post(f"/confirm/account/{customer.uuid}/")

    taken.refresh_from_db()
    assert taken.account == customer
    assert Interaction.objects.get().account == customer


def test_a_customer_of_a_segment_that_one_may_not_see_is_not_proposed(
    customer, client_for, corporate_manager, conversation
):
    shown = page(client_for(corporate_manager), conversation)

    assert f"/confirm/account/{customer.uuid}/" not in shown
    assert str(customer.number) not in shown


def test_a_conversation_of_a_customer_whom_one_may_not_see_is_not_there(
    customer, client_for, corporate_manager, conversation
):
    conversation.link(customer)
    manager = client_for(corporate_manager)

    assert manager.get(url(conversation)).status_code == 404
    assert "My bill" not in manager.get("/conversations/?show=all").content.decode()


@pytest.mark.covers("B-15")
def test_what_was_written_appears_on_the_customers_timeline(customer, desk, taken):
    desk.post(f"/confirm/account/{customer.uuid}/")

    names = {event.name for event in for_account(customer.uuid, limit=20)}
    shown = desk.get(f"/accounts/{customer.uuid}/timeline/").content.decode()

    assert "conversations.message.linked" in names
    assert "The customer wrote" in shown


@pytest.mark.covers("B-19")
def test_nothing_of_a_conversation_stays_with_a_customer_confirmed_by_mistake(
    customer, desk, taken
):
    desk.post(f"/confirm/account/{customer.uuid}/")

    desk.post(f"/contacts/{taken.contact_uuid}/clear/")

    shown = desk.get(f"/accounts/{customer.uuid}/timeline/").content.decode()
    assert "The customer wrote" not in shown
    assert "My bill" not in shown


@pytest.mark.covers("B-01")
def test_the_list_says_who_it_may_be_to_those_who_may_see_the_customer(
    customer, desk, conversation, client_for, corporate_manager
):
    assert "perhaps Marjorie Thistlewood" in desk.get("/conversations/").content.decode()

    theirs = client_for(corporate_manager).get("/conversations/").content.decode()
    assert "perhaps" not in theirs


@pytest.mark.covers("B-01")
def test_the_queue_and_the_offer_say_who_it_may_be_to_those_who_may_see_the_customer(
    customer, desk, agent, conversation, client_for, corporate_manager
):
    change_presence(agent=agent, state="READY")
    distribute()

    for path in ("/queue/?brief", "/live/?seen=nothing"):
        assert "perhaps Marjorie Thistlewood" in desk.get(path).content.decode()

    theirs = client_for(corporate_manager).get("/queue/").content.decode()
    assert "My bill" in theirs
    assert "perhaps" not in theirs


def test_what_the_same_person_wrote_before_is_beside_it(desk, taken, mailbox):
    take_in(letter(subject="My meter"), mailbox=mailbox)

    assert "My meter" in page(desk, taken)


def test_clearing_the_contact_takes_the_customer_off_and_lets_it_wait_again(customer, desk, taken):
    desk.post(f"/confirm/account/{customer.uuid}/")

    desk.post(f"/contacts/{taken.contact_uuid}/clear/")

    taken.refresh_from_db()
    assert (taken.account, taken.status) == (None, ConversationStatus.NEW)


def test_a_customer_confirmed_before_is_confirmed_again_but_not_after_a_stranger_wrote(
    customer, desk, taken, mailbox
):
    desk.post(f"/confirm/account/{customer.uuid}/")
    desk.post(url(taken, "back/"))
    desk.post(f"/contacts/{Interaction.objects.latest('pk').uuid}/end/")
    Interaction.objects.update(status="CLEARED")

    desk.post(url(taken, "take/"))
    assert Interaction.objects.latest("pk").account == customer

    desk.post(url(taken, "back/"))
    Interaction.objects.update(status="CLEARED")
    known = taken.messages.get().message_id
    take_in(letter(sender="eve@example.org", In_Reply_To=known), mailbox=mailbox)
    desk.post(url(taken, "take/"))
    assert Interaction.objects.latest("pk").account is None


def test_what_a_colleague_has_in_hand_is_not_taken_from_them(taken, client_for):
    other = client_for(make_person("other_agent", Role.PHONE_SALES_AGENT))

    for rest in ("take/", "finish/", "spam/", "back/"):
        answer = other.post(url(taken, rest))
        assert answer.status_code == 422, rest
    taken.refresh_from_db()
    assert taken.status == ConversationStatus.ASSIGNED


def test_a_layout_and_a_subject_with_markup_are_shown_without_it(desk, mailbox):
    raw = letter("<script>x</script>", subject="<b>hi", html="<p>ok<script>alert(1)</script></p>")
    conversation = take_in(raw, mailbox=mailbox).message.conversation

    shown = page(desk, conversation)

    assert "<script>x" not in shown
    assert "alert(1)" not in shown
    assert "&lt;b&gt;hi" in shown


def test_a_file_is_a_download_that_no_browser_runs(desk, mailbox):
    page_file = b"<html><script>alert(1)</script></html>"
    take_in(letter(files=(("page.html", page_file),)), mailbox=mailbox)

    answer = desk.get(f"/conversations/files/{Attachment.objects.get().uuid}/")

    assert answer.content == page_file
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_that_was_kept_out_cannot_be_had(desk, mailbox):
    take_in(letter(files=(("x.exe", b"MZ"),)), mailbox=mailbox)

    assert desk.get(f"/conversations/files/{Attachment.objects.get().uuid}/").status_code == 404


def test_the_list_asks_for_as_many_rows_however_many_wait(
    desk, mailbox, django_assert_max_num_queries
):
    for number in range(12):
        take_in(letter(sender=f"c{number}@example.com"), mailbox=mailbox)
    desk.get("/conversations/")

    with django_assert_max_num_queries(16):
        shown = desk.get("/conversations/").content.decode()
    assert shown.count("contact-row-name") == 12


def test_a_poll_that_misses_nothing_is_answered_with_nothing(desk, conversation):
    address = f"/conversations/?seen={newest(WAITING)}"

    answer = desk.get(address, headers={"HX-Request": "true"})

    assert answer.status_code == 204


def test_spam_is_none_when_it_is_a_customers(desk, conversation, customer):
    conversation.link(customer)

    assert desk.post(url(conversation, "spam/")).status_code == 422


def test_what_is_done_can_be_opened_again(desk, conversation):
    desk.post(url(conversation, "finish/"))
    desk.post(url(conversation, "reopen/"))

    conversation.refresh_from_db()
    assert conversation.status == ConversationStatus.NEW


def test_the_administrator_sees_and_checks_the_mailboxes(client_for, tenant_admin, mailbox):
    admin = client_for(tenant_admin)
    mailbox.port = 9
    mailbox.save()

    admin.post(f"/conversations/mailboxes/{mailbox.uuid}/check/")

    assert "No connection" in admin.get("/conversations/mailboxes/").content.decode()


@pytest.mark.parametrize("show", ["waiting", "mine", "all", "nonsense"])
def test_an_empty_list_says_what_comes_next(desk, show):
    assert "empty-title" in desk.get(f"/conversations/?show={show}").content.decode()


@pytest.mark.parametrize(
    ("head", "is_confirmed"),
    [
        ({}, False),
        ({"Authentication_Results": "mx.unified.example; dmarc=pass"}, True),
    ],
)
@pytest.mark.covers("B-01")
def test_who_knows_no_more_than_a_number_and_an_address_is_not_confirmed_as_the_customer(
    customer, desk, taken, mailbox, head, is_confirmed
):
    desk.post(f"/confirm/account/{customer.uuid}/")
    desk.post(url(taken, "finish/"))
    desk.post(url(taken, "back/"))
    subject = f"Re: My bill [{taken.number}]"
    taken.refresh_from_db()
    Conversation.objects.filter(pk=taken.pk).update(contact_uuid=None)

    take_in(letter("Here is my new IBAN.", subject=subject, **head), mailbox=mailbox)
    desk.post(url(taken, "take/"))

    taken.refresh_from_db()
    contact = Interaction.objects.get(uuid=taken.contact_uuid)
    assert taken.account == customer
    assert (contact.account == customer) is is_confirmed
    said = "by the number in its subject" in page(desk, taken)
    assert said is not is_confirmed
