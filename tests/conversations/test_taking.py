"""Each message comes in once, into the conversation that it belongs to."""

from __future__ import annotations

import time

import pytest
from django.core.files.storage import default_storage

from conversations.choices import ConversationStatus, Intake, Remark
from conversations.models import Attachment, Conversation, Message
from conversations.services.sending import send_mail
from conversations.services.taking import Place, take_in
from correspondence.models import Message as Mail
from events.models import Event
from tests.conversations.writing import bomb, bounce_of, letter
from utilcrm.webhooks import signature

pytestmark = pytest.mark.django_db


def answered(conversation: Conversation) -> Message:
    return send_mail(conversation=conversation, to=conversation.address, text="We look into it.")


@pytest.mark.covers("B-01")
def test_an_email_begins_a_conversation_that_waits_for_us(conversation, mailbox):
    assert conversation.status == ConversationStatus.NEW
    assert (conversation.subject, conversation.queue) == ("My bill", "Service")
    assert conversation.account is None
    assert conversation.messages.get().text.strip() == "My bill is too high."
    assert Event.objects.get(name="conversations.message.received").subject_id == conversation.pk


def test_the_same_message_by_whatever_door_changes_nothing(mailbox):
    raw = letter()
    take_in(raw, mailbox=mailbox)

    again = take_in(b"Received: by another\r\n" + raw)

    assert again.result == Intake.DUPLICATE
    assert Message.objects.count() == 1


def test_the_place_in_the_folder_moves_with_the_message(mailbox):
    first = take_in(letter(), mailbox=mailbox, place=Place(7, 3))

    again = take_in(letter("another"), mailbox=mailbox, place=Place(7, 3))

    mailbox.refresh_from_db()
    assert (first.result, again.result) == (Intake.TAKEN, Intake.DUPLICATE)
    assert (mailbox.uid_validity, mailbox.last_uid) == (7, 3)


def test_an_answer_joins_what_it_answers_and_wakes_it(conversation, mailbox):
    ours = answered(conversation)
    conversation.refresh_from_db()
    conversation.mark_done()

    take_in(letter("Still too high.", In_Reply_To=ours.message_id), mailbox=mailbox)

    conversation.refresh_from_db()
    assert conversation.messages.count() == 3
    assert conversation.status == ConversationStatus.NEW


def test_the_number_in_a_subject_counts_from_the_same_address_only(conversation, mailbox):
    subject = f"Re: My bill [{conversation.number}]"

    same = take_in(letter(subject=subject), mailbox=mailbox)
    other = take_in(letter(subject=subject, sender="eve@example.org"), mailbox=mailbox)

    assert same.message.conversation == conversation
    assert other.message.conversation != conversation


def test_another_sender_who_knows_the_thread_is_pointed_out(conversation, mailbox):
    known = conversation.messages.get().message_id

    taken = take_in(letter(sender="eve@example.org", In_Reply_To=known), mailbox=mailbox)

    assert taken.message.conversation == conversation
    assert Remark.OTHER_SENDER in taken.message.remarks


def test_a_forged_sender_identifies_nobody(customer, mailbox):
    raw = letter(Authentication_Results="mx.unified.example; dmarc=fail")

    taken = take_in(raw, mailbox=mailbox)

    assert taken.message.conversation.account is None
    assert Remark.FORGED in taken.message.remarks


def test_dangerous_files_are_told_of_and_not_kept(mailbox):
    files = (("bill.pdf", b"%PDF-1.7"), ("photos.zip", bomb()), ("x.exe", b"MZ"))

    take_in(letter(files=files), mailbox=mailbox)

    kept = {one.name: one.file.name for one in Attachment.objects.all()}
    assert default_storage.exists(kept.pop("bill.pdf"))
    assert kept == {"photos.zip": "", "x.exe": ""}
    assert Remark.FILE_KEPT_OUT in Message.objects.get().remarks


def test_a_bounce_marks_what_came_back_and_calls_for_somebody(conversation, mailbox):
    ours = answered(conversation)
    conversation.mark_done()

    taken = take_in(bounce_of(ours.message_id), mailbox=mailbox)

    ours.refresh_from_db()
    conversation.refresh_from_db()
    assert taken.result == Intake.BOUNCE
    assert "550 no such mailbox" in ours.bounce_reason
    assert conversation.status == ConversationStatus.NEW
    assert conversation.messages.count() == 2


def test_a_bounce_of_nothing_we_know_is_nobodys_work(mailbox):
    taken = take_in(bounce_of("<unknown@elsewhere>"), mailbox=mailbox)

    assert taken.message.conversation.status == ConversationStatus.DONE


def test_an_absence_note_wakes_nothing(conversation, mailbox):
    ours = answered(conversation)
    conversation.mark_done()

    take_in(letter(In_Reply_To=ours.message_id, Auto_Submitted="auto-replied"), mailbox=mailbox)

    conversation.refresh_from_db()
    assert conversation.status == ConversationStatus.DONE
    assert conversation.messages.count() == 3


class TestReceipts:
    @pytest.fixture(autouse=True)
    def _wanted(self, mailbox):
        mailbox.sends_receipt = True
        mailbox.save()

    def test_a_person_is_told_the_number(self, conversation):
        mail = Mail.objects.get()

        assert mail.to == "marjorie@example.com"
        assert conversation.number in mail.text + mail.subject
        assert mail.headers["Auto-Submitted"] == "auto-replied"
        assert mail.headers["In-Reply-To"] == conversation.messages.earliest("pk").message_id

    @pytest.mark.parametrize(
        "head",
        [
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"sender": "mailer-daemon@example.com"},
            {"sender": "service@unified.example"},
            {"Authentication_Results": "mx.unified.example; dmarc=fail"},
        ],
    )
    def test_machines_forgers_and_we_ourselves_get_none(self, mailbox, head):
        take_in(letter(**head), mailbox=mailbox)

        assert not Mail.objects.exists()

    def test_a_loop_of_confirmations_ends_and_buries_nobody(self, mailbox):
        for number in range(25):
            take_in(letter(f"Your receipt {number} has arrived."), mailbox=mailbox)

        assert Mail.objects.count() == 3
        assert Conversation.objects.count() == 20
        assert Remark.FLOOD in Message.objects.latest("pk").remarks


class TestTheWebhook:
    """A mail server brings what has arrived."""

    def bring(self, client_for, mailbox, raw: bytes, *, key: str = "", age: int = 0):
        stamp = str(int(time.time()) - age)
        signed = signature(raw, secret=key or mailbox.hook_key, at=stamp)
        return client_for(None).post(
            f"/conversations/mailboxes/{mailbox.uuid}/incoming/",
            raw,
            content_type="message/rfc822",
            headers={"X-Mail-Signature": f"t={stamp},v1={signed}"},
        )

    @pytest.mark.covers("B-01")
    def test_what_is_brought_is_taken_in_once(self, client_for, mailbox):
        raw = letter()

        said = [self.bring(client_for, mailbox, raw).json()["result"] for _ in range(2)]

        assert said == ["TAKEN", "DUPLICATE"]
        assert Message.objects.get().conversation.mailbox == mailbox

    @pytest.mark.parametrize("wrong", [{"key": "another"}, {"age": 900}], ids=str)
    def test_who_does_not_know_the_key_or_sends_again_later_brings_nothing(
        self, client_for, mailbox, wrong
    ):
        assert self.bring(client_for, mailbox, letter(), **wrong).status_code == 403
        assert not Message.objects.exists()

    def test_a_message_of_thirty_megabytes_is_told_of_by_its_head(self, client_for, mailbox):
        raw = letter("x", subject="Huge") + b"x" * (30 * 1024 * 1024)

        assert self.bring(client_for, mailbox, raw).json() == {"result": "TAKEN"}

        assert Message.objects.get().remarks[0] == Remark.TOO_LARGE
