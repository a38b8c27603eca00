"""An answer: what speaks against it, what it begins with, how it leaves."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from access.choices import Role
from conversations.choices import ConversationStatus
from conversations.models import Conversation, ReplyDraft, ReplyTemplate
from conversations.services.taking import take_in
from correspondence.models import Message as Mail
from events.services.draining import drain
from tests.conversations.writing import letter
from tests.support.mail import running_sink
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


@pytest.mark.parametrize(
    ("head", "caution"),
    [
        ({}, "No customer is confirmed yet"),
        ({"Authentication_Results": "mx.unified.example; dmarc=fail"}, "probably forged"),
    ],
)
@pytest.mark.covers("N-02")
def test_what_speaks_against_an_answer_is_said_before_it_leaves(desk, mailbox, head, caution):
    conversation = take_in(letter(**head), mailbox=mailbox).message.conversation
    desk.post(url(conversation, "take/"))

    assert caution in page(desk, conversation)


def test_an_address_that_is_not_on_file_is_pointed_out(customer, desk, mailbox):
    raw = letter(sender="eve@example.org")
    conversation = take_in(raw, mailbox=mailbox).message.conversation
    desk.post(url(conversation, "take/"))
    desk.post(f"/confirm/account/{customer.uuid}/")

    assert "Not on file for this customer: eve@example.org." in page(desk, conversation)


@pytest.mark.covers("B-01")
def test_an_answer_leaves_with_its_thread_and_signature_and_waits(desk, taken, settings):
    theirs = taken.messages.get().message_id
    with running_sink(settings) as sink:
        desk.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "We look."})
        drain("mail")

    taken.refresh_from_db()
    ours = taken.messages.latest("pk")
    mail = sink.messages[0]
    assert (mail["In-Reply-To"], mail["References"]) == (theirs, theirs)
    assert mail["Message-ID"] == ours.message_id
    assert mail["From"].addresses[0].addr_spec == "service@unified.example"
    assert mail["Auto-Submitted"] is None
    assert taken.number in mail["Subject"]
    lines = sink.text_of().strip().splitlines()
    assert lines == ["We look.", "", "-- ", "Your service team"]
    assert taken.status == ConversationStatus.WAITING
    assert "Sent" in page(desk, taken)


def test_an_answer_is_kept_on_the_page_when_it_is_refused(desk, taken):
    answer = desk.post(url(taken, "reply/"), {"to": "eve@example.org", "text": "Typed with care"})

    assert answer.status_code == 422
    assert "Typed with care" in answer.content.decode()
    assert not Mail.objects.exists()


def test_an_answer_to_what_a_colleague_has_taken_meanwhile_is_kept_on_the_page(taken, client_for):
    other = client_for(make_person("other_agent", Role.PHONE_SALES_AGENT))

    answer = other.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "With care"})

    assert answer.status_code == 422
    assert "With care" in answer.content.decode()
    assert not Mail.objects.exists()


def test_an_answer_without_words_is_refused(desk, taken):
    answer = desk.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "  "})

    assert answer.status_code == 422
    assert not Mail.objects.exists()


def test_a_template_is_put_behind_what_was_typed(desk, taken):
    ready = ReplyTemplate.objects.create(
        name="Bill", language="en", text="Dear {customer}, about {conversation}. {agent}"
    )

    typed = {"text": "Hello", "template": ready.uuid, "window": uuid.uuid4()}
    answer = desk.post(url(taken, "template/"), typed)

    shown = answer.content.decode()
    assert shown.index("Hello") < shown.index("Dear Marjorie Thistlewood")
    assert taken.number in shown
    assert taken.number in ReplyDraft.objects.get().text


@pytest.mark.parametrize(
    "text", ["{nobody}", "{customer.__class__}", "{customer:>99999999}", "{}", "{", "{0}"]
)
def test_a_template_holds_known_variables_only(text: str):
    with pytest.raises(ValidationError):
        ReplyTemplate(name="x", language="en", text=text).full_clean()
