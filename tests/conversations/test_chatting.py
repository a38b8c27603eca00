"""A chat is live on both sides, each line once, in order, as it was typed."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest

from conversations.choices import ConversationStatus
from conversations.models import ChatSession, Conversation, Message
from conversations.services.assigning import leave_contact
from conversations.services.chatting import (
    begin_chat,
    end_silent_chats,
    new_token,
    say_as_agent,
)
from correspondence.models import Message as Mail
from utilcrm import clock

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


@pytest.fixture
def visitor(client_for):
    return client_for(None)


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def chat(mailbox) -> tuple[Conversation, str]:
    token = new_token()
    conversation = begin_chat(
        token=token, name="Ada", address="Ada@Example.com", text="Hello", language="en"
    )
    return conversation, token


@pytest.mark.covers("B-01")
def test_both_sides_see_what_was_said_in_order(visitor, desk, agent, chat):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    visitor.post(f"/chat/{token}/say/", {"text": "Anybody?", "key": uuid.uuid4()})
    desk.post(f"/conversations/{conversation.uuid}/say/", {"text": "I am.", "key": uuid.uuid4()})

    for page in (
        visitor.get(f"/chat/{token}/").content.decode(),
        desk.get(f"/conversations/{conversation.uuid}/").content.decode(),
    ):
        places = [page.index(line) for line in ("Hello", "Anybody?", "I am.")]
        assert places == sorted(places)


def test_a_form_sent_twice_begins_one_chat(visitor):
    facts = {"key": new_token(), "name": "Ada", "address": "ada@example.com", "text": "Hello"}

    first, second = (visitor.post("/chat/", facts)["Location"] for _ in range(2))

    assert first == second
    assert ChatSession.objects.count() == 1


def test_the_secret_of_its_address_is_not_kept(chat):
    _conversation, token = chat

    assert token not in ChatSession.objects.get().token_sha256


@pytest.mark.parametrize("side", ["visitor", "agent"])
def test_a_line_sent_twice_is_one(visitor, desk, chat, side):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    address = {
        "visitor": (visitor, f"/chat/{token}/say/"),
        "agent": (desk, f"/conversations/{conversation.uuid}/say/"),
    }
    browser, path = address[side]
    line = {"text": "Once", "key": str(uuid.uuid4())}

    answers = [browser.post(path, line).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert Message.objects.filter(text="Once").count() == 1


def test_what_was_typed_on_after_a_lost_answer_is_a_line_of_its_own(visitor, chat):
    conversation, token = chat
    key = str(uuid.uuid4())
    for text in ("Once", "Once\nand more", "Once\nand more"):
        visitor.post(f"/chat/{token}/say/", {"text": text, "key": key})

    lines = conversation.messages.order_by("pk").values_list("text", flat=True)
    assert list(lines) == ["Hello", "Once", "and more"]


@pytest.mark.covers("B-01")
def test_a_chat_whose_visitor_is_silent_ends_and_is_answered_by_mail(desk, chat):
    conversation, _token = chat
    assert end_silent_chats() == 0
    Conversation.objects.update(last_message_at=clock.now() - dt.timedelta(hours=2))

    assert (end_silent_chats(), end_silent_chats()) == (1, 0)

    desk.post(f"/conversations/{conversation.uuid}/take/")
    desk.post(
        f"/conversations/{conversation.uuid}/reply/",
        {"to": "ada@example.com", "text": "You had gone."},
    )
    assert Mail.objects.get().to == "ada@example.com"


@pytest.mark.covers("B-15")
def test_a_chat_is_one_thing_on_the_customers_timeline_with_its_lines_behind_it(
    visitor, desk, customer, chat
):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    for text in ("one", "two"):
        visitor.post(f"/chat/{token}/say/", {"text": text, "key": uuid.uuid4()})

    desk.post(f"/confirm/account/{customer.uuid}/")

    shown = desk.get(f"/accounts/{customer.uuid}/timeline/").content.decode()
    assert shown.count("The customer wrote") == 1
    assert f'href="/conversations/{conversation.uuid}/"' in shown


def test_a_long_chat_is_shown_by_its_end_and_whole_when_asked_for(desk, chat):
    conversation, _token = chat
    Message.objects.bulk_create(
        Message(conversation=conversation, direction="IN", text=f"[{n}]", arrived_at=clock.now())
        for n in range(101)
    )
    path = f"/conversations/{conversation.uuid}/"

    cut, whole = (desk.get(path + more).content.decode() for more in ("", "?all"))

    assert "[1]" in cut
    assert "[0]" not in cut
    assert f'href="{path}?all"' in cut
    assert "[0]" in whole
    assert "lines/?seen=" in whole
    assert "&amp;all" in whole


def test_wrapping_up_does_not_leave_a_visitor_alone(desk, agent, chat):
    conversation, _token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    conversation.refresh_from_db()

    leave_contact(contact_uuid=conversation.contact_uuid, agent=agent)

    conversation.refresh_from_db()
    assert conversation.status == ConversationStatus.NEW


def test_markup_is_shown_as_it_was_typed_on_both_sides(visitor, desk, chat):
    conversation, token = chat
    visitor.post(f"/chat/{token}/say/", {"text": MARKUP, "key": uuid.uuid4()})

    for page in (
        visitor.get(f"/chat/{token}/").content.decode(),
        desk.get(f"/conversations/{conversation.uuid}/").content.decode(),
    ):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_poll_is_answered_with_nothing_until_somebody_speaks(
    visitor, agent, desk, chat, django_capture_on_commit_callbacks
):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    page = visitor.get(f"/chat/{token}/").content.decode()
    seen = re.search(r"seen=(\w+)", page)[1]
    assert visitor.get(f"/chat/{token}/lines/?seen={seen}").status_code == 204

    with django_capture_on_commit_callbacks(execute=True):
        say_as_agent(conversation=conversation, agent=agent, text="Here", key=str(uuid.uuid4()))

    answer = visitor.get(f"/chat/{token}/lines/?seen={seen}")
    assert "Here" in answer.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_line_is_refused_with_a_reason(visitor, chat, text):
    _conversation, token = chat

    answer = visitor.post(f"/chat/{token}/say/", {"text": text, "key": uuid.uuid4()})

    assert answer.status_code in (409, 422)
    assert Message.objects.count() == 1
    assert 'role="alert"' in answer.content.decode()


def test_after_the_end_nothing_is_added_by_either_side(visitor, desk, chat):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")
    visitor.post(f"/chat/{token}/leave/")

    theirs = visitor.post(f"/chat/{token}/say/", {"text": "Late", "key": uuid.uuid4()})
    ours = desk.post(
        f"/conversations/{conversation.uuid}/say/", {"text": "Late", "key": uuid.uuid4()}
    )

    assert (theirs.status_code, ours.status_code) == (409, 409)
    assert "This chat has ended." in theirs.content.decode()
    assert Message.objects.count() == 1


def test_the_agent_ends_it_for_the_visitor_too(visitor, desk, chat):
    conversation, token = chat
    desk.post(f"/conversations/{conversation.uuid}/take/")

    desk.post(f"/conversations/{conversation.uuid}/finish/")

    conversation.refresh_from_db()
    assert conversation.status == ConversationStatus.DONE
    assert "This chat has ended." in visitor.get(f"/chat/{token}/").content.decode()


def test_an_agent_who_does_not_have_it_in_hand_says_nothing(desk, chat):
    conversation, _token = chat

    answer = desk.post(
        f"/conversations/{conversation.uuid}/say/", {"text": "Hi", "key": uuid.uuid4()}
    )

    assert answer.status_code == 409


@pytest.mark.parametrize("token", ["x", "A" * 43])
def test_another_address_leads_nowhere(visitor, chat, token):
    for rest in ("", "lines/"):
        assert visitor.get(f"/chat/{token}/{rest}").status_code == 404
    assert visitor.post(f"/chat/{token}/say/").status_code == 404


def test_a_chat_stands_before_what_has_waited_longer(desk, conversation, chat):
    page = desk.get("/conversations/").content.decode()

    assert page.index("Hello") < page.index("My bill")


def test_the_customer_of_the_address_is_proposed(desk, customer, chat):
    Conversation.objects.update(address="marjorie@example.com")
    conversation, _token = chat

    page = desk.get(f"/conversations/{conversation.uuid}/").content.decode()

    assert "Marjorie Thistlewood" in page
