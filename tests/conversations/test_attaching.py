"""Files that go out with an answer."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from pypdf import PdfWriter

from access.choices import Role
from conversations.models import Attachment, Conversation, ReplyFile
from conversations.services import attaching
from conversations.services.passing import pass_on
from correspondence.models import Message as Mail
from correspondence.services.uploading.checking import EICAR
from events.services.draining import drain
from tests.support.mail import running_sink
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


def paper(pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.write(out)
    return out.getvalue()


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


def attach(desk, conversation: Conversation, *files: tuple[str, bytes]) -> str:
    """Choose files on the page, and return what it shows then."""
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return desk.post(url(conversation, "files/"), {"file": chosen}).content.decode()


def answer(desk, conversation: Conversation, *files: uuid.UUID):
    typed = {
        "to": "marjorie@example.com",
        "text": "Here it is.",
        "attached": [str(f) for f in files],
    }
    return desk.post(url(conversation, "reply/"), typed)


@pytest.mark.covers("B-01")
def test_a_file_goes_out_with_the_answer_and_stays_with_it(desk, taken, settings):
    shown = attach(desk, taken, ("your bill.pdf", paper()), ("price list.pdf", paper(2)))
    assert ["your bill.pdf" in shown, "price list.pdf" in shown] == [True, True]
    page = desk.get(url(taken)).content.decode()
    files = list(ReplyFile.objects.order_by("pk"))
    assert all(f'name="attached" value="{one.uuid}"' in page for one in files)

    with running_sink(settings) as sink:
        answer(desk, taken, *(one.uuid for one in files))
        drain("mail")

    parts = list(sink.messages[0].iter_attachments())
    assert [part.get_filename() for part in parts] == ["your bill.pdf", "price list.pdf"]
    assert parts[1].get_content() == paper(2)
    assert not ReplyFile.objects.exists()
    sent = Attachment.objects.order_by("pk").first()
    assert sent.message.author is not None
    got = desk.get(f"/conversations/files/{sent.uuid}/")
    assert got.content == paper()
    assert got["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.pdf", b"%PDF-" + EICAR, "virus signature"),
        ("bill.exe", b"MZ", "Only PDF, JPEG, PNG and DOCX"),
        ("bill.pdf", b"<html>", "not what its name says"),
        ("huge.pdf", b"%PDF-" + bytes(10 * 1024 * 1024), "bigger than 10 MB"),
    ],
)
def test_a_file_that_cannot_go_out_is_named_and_the_others_are_taken(
    desk, taken, name, content, why
):
    shown = attach(desk, taken, (name, content), ("good.pdf", paper()))

    assert why in shown
    assert [one.name for one in ReplyFile.objects.all()] == ["good.pdf"]


def test_what_no_server_would_take_is_refused_before_it_is_sent(desk, taken, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_TOGETHER", len(paper()) + 1)
    monkeypatch.setattr(attaching, "MOST_FILES", 1)

    assert "together are bigger" in attach(desk, taken, ("big.pdf", paper(30)))
    attach(desk, taken, ("a.pdf", paper()))
    assert "carries 1 files at most" in attach(desk, taken, ("b.pdf", paper()))
    assert ReplyFile.objects.count() == 1


def test_an_answer_leaves_only_with_the_files_that_its_page_has_shown(desk, taken):
    attach(desk, taken, ("a.pdf", paper()))
    seen = ReplyFile.objects.get().uuid
    attach(desk, taken, ("from another window.pdf", paper()))

    answer(desk, taken, seen)

    assert [one.name for one in Attachment.objects.all()] == ["a.pdf"]
    assert [one.name for one in ReplyFile.objects.all()] == ["from another window.pdf"]


def test_an_answer_whose_file_was_taken_out_meanwhile_is_kept_on_the_page(desk, taken):
    attach(desk, taken, ("a.pdf", paper()))
    file = ReplyFile.objects.get()
    with TestCase.captureOnCommitCallbacks(execute=True):
        desk.post(url(taken, f"files/{file.uuid}/"))
    assert not default_storage.exists(file.file.name)

    refused = answer(desk, taken, file.uuid)

    assert refused.status_code == 422
    assert "Here it is." in refused.content.decode()
    assert "was taken out" in refused.content.decode()
    assert not Mail.objects.exists()


def test_only_who_works_on_it_adds_files_and_a_colleague_finds_them(desk, taken, agent, client_for):
    colleague = make_person("other_agent", Role.PHONE_SALES_AGENT)
    other = client_for(colleague)
    assert "not in your hands" in attach(other, taken, ("x.pdf", paper()))
    attach(desk, taken, ("a.pdf", paper()))

    pass_on(conversation=taken, agent=agent, colleague=colleague, note="")
    other.post(url(taken, "take/"))

    assert "a.pdf" in other.get(url(taken)).content.decode()


def test_a_file_is_fetched_as_it_was_attached_or_the_mail_waits_for_a_person(desk, taken):
    attach(desk, taken, ("a.pdf", paper()))
    answer(desk, taken, ReplyFile.objects.get().uuid)
    sent = Attachment.objects.get()
    with default_storage.open(sent.file.name, "wb") as stored:
        stored.write(b"something else")

    with pytest.raises(attaching.EnclosureGone):
        attaching.enclose(str(sent.message.uuid))
