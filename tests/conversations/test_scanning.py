"""A file is opened by nobody before the virus scanner has spoken."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage

from conversations.choices import Remark, Verdict
from conversations.models import Attachment, Conversation
from conversations.services.scanning import scan_waiting
from conversations.services.taking import take_in
from events.models import Event
from sandbox.faults import Faults
from sandbox.mail import scanner
from tests.conversations.writing import letter
from utilcrm import antivirus

pytestmark = pytest.mark.django_db


def packed() -> bytes:
    """The scanners' test file, where only who unpacks finds it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("holiday/photo.txt", scanner.EICAR)
    return out.getvalue()


@pytest.fixture
def faults() -> Faults:
    return Faults(scanner.KINDS)


@pytest.fixture(autouse=True)
def _scanner(faults: Faults, settings) -> Iterator[None]:
    server = scanner.ScannerServer(faults, 0)
    settings.VIRUS_SCANNER = f"127.0.0.1:{server.start()}"
    settings.VIRUS_SCANNER_SECONDS = 2
    yield
    server.stop()


def arrived(mailbox, name: str, content: bytes) -> Attachment:
    take_in(letter(files=((name, content),)), mailbox=mailbox)
    return Attachment.objects.get()


def answer(client_for, agent, file: Attachment) -> int:
    return int(client_for(agent).get(f"/conversations/files/{file.uuid}/").status_code)


@pytest.mark.covers("B-01")
def test_a_file_can_be_opened_once_it_was_found_clean(mailbox, client_for, agent):
    file = arrived(mailbox, "bill.pdf", b"%PDF-1.7")
    page = client_for(agent).get(f"/conversations/{Conversation.objects.get().uuid}/")
    assert "is being checked for viruses" in page.content.decode()
    assert answer(client_for, agent, file) == 404

    assert scan_waiting() == 1

    assert answer(client_for, agent, file) == 200
    assert scan_waiting() == 0


@pytest.mark.covers("B-01")
def test_of_a_virus_only_its_name_and_hash_are_left(
    mailbox, client_for, agent, django_capture_on_commit_callbacks
):
    file = arrived(mailbox, "photos.zip", packed())
    stored = file.file.name
    assert default_storage.exists(stored)

    with django_capture_on_commit_callbacks(execute=True):
        scan_waiting()

    file.refresh_from_db()
    assert (file.verdict, file.file.name) == (Verdict.VIRUS, "")
    assert file.finding == "Eicar-Test-Signature"
    assert not default_storage.exists(stored)
    assert Remark.FILE_KEPT_OUT in file.message.remarks
    assert answer(client_for, agent, file) == 404
    assert Event.objects.filter(name="conversations.attachment.refused").count() == 1


def test_while_the_scanner_is_away_the_file_waits_and_the_message_does_not(
    mailbox, client_for, agent, faults, settings
):
    faults.add({"kind": "scanner_drop", "times": 1})
    file = arrived(mailbox, "bill.pdf", b"%PDF-1.7")
    assert Conversation.objects.get().messages.get().text.strip() == "My bill is too high."

    assert scan_waiting() == 0
    assert answer(client_for, agent, file) == 404

    assert scan_waiting() == 1
    assert answer(client_for, agent, file) == 200


def test_what_the_scanner_cannot_judge_is_never_opened(mailbox, client_for, agent, faults):
    faults.add({"kind": "scanner_refuse", "times": 1})
    file = arrived(mailbox, "bill.pdf", b"%PDF-1.7")

    scan_waiting()
    scan_waiting()

    file.refresh_from_db()
    assert file.verdict == Verdict.UNCHECKED
    assert answer(client_for, agent, file) == 404


def test_a_file_that_is_too_long_for_the_scanner_is_told_from_a_scanner_that_is_away(monkeypatch):
    monkeypatch.setattr(scanner, "MOST_BYTES", 100_000)

    with pytest.raises(antivirus.NotScannable, match="size limit"):
        antivirus.signature_in(b"x" * 3_000_000)


def test_a_scanner_that_says_nothing_is_left_in_time(settings):
    settings.VIRUS_SCANNER_SECONDS = 0.3
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.VIRUS_SCANNER = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(antivirus.ScannerUnavailable):
            antivirus.signature_in(b"x")
