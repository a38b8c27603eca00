"""What anybody may write by the form; and what comes as a letter."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from conversations.choices import Channel
from conversations.models import Conversation
from conversations.services.chatting import (
    new_token,
)
from correspondence.models import Document
from correspondence.models import Message as Mail
from portals.services import limiting

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def letter_scan() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=200)
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def visitor(client_for):
    return client_for(None)


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


def question(**changes: str) -> dict[str, str]:
    return {
        "key": new_token(),
        "name": "Ada",
        "address": "Ada@Example.com",
        "subject": "My meter",
        "text": "It runs backwards.",
    } | changes


class TestTheForm:
    def test_sends_nobody_else_s_words_to_an_address_that_anybody_can_type(self, visitor, mailbox):
        mailbox.sends_receipt = True
        mailbox.save()

        visitor.post("/contact-us/", question(subject="Win at evil.example", name="Win, too"))

        receipt = Mail.objects.get()
        assert receipt.to == "ada@example.com"
        assert Conversation.objects.get().number in receipt.subject
        assert "Win" not in receipt.subject + receipt.text

    @pytest.mark.covers("B-01")
    def test_begins_a_conversation_of_nobody_yet(self, visitor, mailbox):
        answer = visitor.post("/contact-us/", question(customer_number="4711"))

        conversation = Conversation.objects.get()
        assert conversation.number in answer.content.decode()
        assert conversation.channel == Channel.WEB_FORM
        assert (conversation.address, conversation.account) == ("ada@example.com", None)
        assert "4711" in conversation.messages.get().text

    def test_sent_twice_it_is_one(self, visitor):
        facts = question()

        numbers = {visitor.post("/contact-us/", facts).context["number"] for _ in range(2)}

        assert len(numbers) == Conversation.objects.count() == 1

    def test_keeps_what_was_typed_when_something_is_missing(self, visitor):
        answer = visitor.post("/contact-us/", question(address="nowhere"))

        assert answer.status_code == 422
        assert "It runs backwards." in answer.content.decode()
        assert not Conversation.objects.exists()

    def test_takes_nothing_from_a_machine_and_does_not_say_so(self, visitor):
        answer = visitor.post("/contact-us/", question(website="https://spam.example"))

        assert answer.status_code == 200
        assert not Conversation.objects.exists()

    def test_is_closed_for_a_while_to_who_asks_all_the_time(self, visitor, monkeypatch):
        monkeypatch.setattr(limiting, "QUESTIONS", 2)

        answers = [visitor.post("/contact-us/", question()).status_code for _ in range(3)]

        assert answers == [200, 200, 429]

    def test_speaks_the_visitors_language_and_is_kept_by_no_cache(self, visitor):
        answer = visitor.get("/contact-us/", headers={"Accept-Language": "de"})

        assert 'lang="de"' in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"


class TestLetters:
    @pytest.fixture(autouse=True)
    def _scanned(self, letter_scan):
        self.scanned = letter_scan

    def scan(self, browser, customer, **changes):
        facts = {
            "account": customer.number,
            "received_on": "2026-01-05",
            "subject": "Objection",
            "text": "I object.",
            "file": SimpleUploadedFile("letter.pdf", self.scanned),
        }
        return browser.post("/conversations/letter/", facts | changes)

    @pytest.mark.covers("B-01")
    def test_a_scan_waits_for_an_answer_at_its_customer(self, client_for, clerk, customer):
        answer = self.scan(client_for(clerk), customer)

        conversation = Conversation.objects.get()
        assert answer.status_code == 302
        assert (conversation.channel, conversation.account) == (Channel.LETTER, customer)
        assert conversation.messages.get().text == "I object."
        assert Document.objects.get().account_uuid == customer.uuid
        shown = client_for(clerk).get(f"/conversations/{conversation.uuid}/").content.decode()
        assert f"/documents/{Document.objects.get().uuid}/" in shown

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"account": "0000000000"}, "account"),
            ({"received_on": "2999-01-01"}, "received_on"),
            ({"file": ""}, "file"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client_for, clerk, customer, changes, field):
        answer = self.scan(client_for(clerk), customer, **changes)

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "I object." in answer.content.decode()
        assert not Conversation.objects.exists()

    def test_a_file_that_is_none_is_refused_and_nothing_is_left(self, client_for, clerk, customer):
        answer = self.scan(client_for(clerk), customer, file=SimpleUploadedFile("a.pdf", b"MZ"))

        assert answer.status_code == 422
        assert not Conversation.objects.exists()

    def test_an_agent_takes_no_letters_in(self, desk, customer):
        assert self.scan(desk, customer).status_code == 403
