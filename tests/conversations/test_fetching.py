"""Mailboxes are read to the end, each message once, whatever breaks on the way."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.choices import Remark, Security
from conversations.models import Mailbox, Message
from conversations.services import fetching
from conversations.services.fetching import check_mailbox, fetch, fetch_all
from conversations.services.taking import take_in
from sandbox.faults import Faults
from sandbox.mail import imap
from sandbox.mail.inboxes import Inboxes
from tests.conversations.writing import letter

pytestmark = pytest.mark.django_db

ADDRESS = "service@unified.example"


@pytest.fixture
def inboxes(tmp_path: Path) -> Inboxes:
    return Inboxes(tmp_path / "inboxes")


@pytest.fixture
def faults() -> Faults:
    return Faults(imap.KINDS)


@pytest.fixture
def box(inboxes: Inboxes, faults: Faults, mailbox: Mailbox) -> Iterator[Mailbox]:
    """The mailbox, with a server behind it."""
    server = imap.ImapServer(inboxes, faults, 0)
    mailbox.port, mailbox.security, mailbox.seconds = server.start(), Security.PLAIN, 5
    mailbox.set_password(imap.PASSWORD)
    mailbox.save()
    yield mailbox
    server.stop()


def texts() -> list[str]:
    return [one.text.strip() for one in Message.objects.order_by("pk")]


@pytest.mark.covers("B-01")
def test_what_has_arrived_comes_in_once_and_in_order(box, inboxes):
    for number in range(3):
        inboxes.deliver(ADDRESS, letter(f"{number}"))

    assert [fetch(box), fetch(box)] == [3, 0]

    inboxes.deliver(ADDRESS, letter("3"))
    assert fetch(box) == 1
    assert texts() == ["0", "1", "2", "3"]
    assert all(stored.is_seen for stored in inboxes.all(ADDRESS))


@pytest.mark.parametrize("fault", ["imap_drop_before_fetch", "imap_drop_after_fetch"])
def test_a_line_that_breaks_loses_nothing_and_doubles_nothing(box, inboxes, faults, fault):
    for number in range(4):
        inboxes.deliver(ADDRESS, letter(f"{number}"))
    faults.add({"kind": fault, "every": 2, "times": 2})

    for _round in range(4):
        fetch(box)

    box.refresh_from_db()
    assert texts() == ["0", "1", "2", "3"]
    assert box.fetch_failure == ""


def test_a_worker_that_dies_before_the_flag_takes_nothing_twice(box, inboxes, monkeypatch):
    inboxes.deliver(ADDRESS, letter("once"))

    def die(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(fetching.Folder, "mark_seen", die)
        with pytest.raises(KeyboardInterrupt):
            fetch(box)
    Mailbox.objects.update(busy_until=None)

    assert fetch(box) == 0
    assert texts() == ["once"]


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half(box, inboxes, monkeypatch):
    inboxes.deliver(ADDRESS, letter("whole", files=(("a.pdf", b"%PDF-"),)))
    taking = "conversations.services.taking"

    def die(**_facts: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(f"{taking}.keep_files", die)
        with pytest.raises(KeyboardInterrupt):
            fetch(box)
    Mailbox.objects.update(busy_until=None)
    assert not Message.objects.exists()

    assert fetch(box) == 1
    assert texts() == ["whole"]


def test_a_mailbox_that_was_restored_brings_nothing_twice(box, inboxes):
    inboxes.deliver(ADDRESS, letter("before"))
    fetch(box)
    inboxes.renumber(ADDRESS)
    inboxes.deliver(ADDRESS, letter("after"))

    assert fetch(box) == 1
    assert texts() == ["before", "after"]


def test_two_workers_do_not_read_a_mailbox_at_once(box, inboxes):
    inboxes.deliver(ADDRESS, letter())
    Mailbox.objects.update(busy_until=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))

    assert fetch(box) == 0


def test_a_message_of_thirty_megabytes_is_told_of_and_nothing_behind_it_waits(box, inboxes):
    inboxes.deliver(ADDRESS, letter("huge", subject="Huge") + b"x" * (30 * 1024 * 1024))
    inboxes.deliver(ADDRESS, letter("behind"))

    fetch(box)

    first, second = Message.objects.order_by("pk")
    assert (first.subject, first.text) == ("Huge", "")
    assert Remark.TOO_LARGE in first.remarks
    assert second.text.strip() == "behind"


def test_a_server_that_announces_ten_gigabytes_is_not_listened_to(box, inboxes, faults):
    inboxes.deliver(ADDRESS, letter("small"))
    faults.add({"kind": "imap_lie_about_size", "times": 1})

    fetch(box)
    box.refresh_from_db()

    assert "10000000000" in box.fetch_failure
    assert fetch(box) == 1


def test_a_server_that_never_ends_is_left_when_the_time_is_over(mailbox):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Thread(target=_trickle, args=[silent], daemon=True).start()
        mailbox.port, mailbox.security, mailbox.seconds = (
            silent.getsockname()[1],
            Security.PLAIN,
            1,
        )
        began = time.monotonic()
        fetch(mailbox)
        took = time.monotonic() - began

    mailbox.refresh_from_db()
    assert mailbox.fetch_failure
    assert took < 3


def _trickle(listener: socket.socket) -> None:
    connection, _address = listener.accept()
    with connection:
        try:
            connection.sendall(b"* OK here\r\n")
            while True:
                connection.sendall(b"*")
                time.sleep(0.2)
        except OSError:
            return


class TestTheConnectionCheck:
    def test_says_that_it_works(self, box):
        assert check_mailbox(box)[0]
        assert box.check_ok

    def test_says_who_refuses(self, box):
        box.set_password("wrong")

        ok, text = check_mailbox(box)

        assert not ok
        assert "AUTHENTICATIONFAILED" in text

    def test_says_that_nobody_is_there(self, box):
        box.port = 9

        assert not check_mailbox(box)[0]

    def test_says_that_the_folder_is_missing(self, box):
        box.folder = 'In "box'

        ok, text = check_mailbox(box)

        assert not ok
        assert "NONEXISTENT" in text

    def test_never_speaks_tls_to_a_server_that_does_not(self, box):
        box.security = Security.TLS

        assert not check_mailbox(box)[0]


def test_the_same_message_by_two_doors_is_one(box, inboxes):
    raw = letter("one")
    inboxes.deliver(ADDRESS, raw)
    take_in(raw)

    assert fetch(box) == 0
    assert texts() == ["one"]


@pytest.mark.parametrize(
    ("changes", "password"),
    [
        # a name too long for any server, which is no error of a connection to Python
        ({"host": f"{'x' * 70}.example"}, imap.PASSWORD),
        ({}, "Schlüssel"),
    ],
)
def test_a_mailbox_set_up_wrongly_says_so_and_holds_up_no_other_one(
    box, inboxes, changes, password
):
    other = Mailbox.objects.get(pk=box.pk)
    other.pk = other.id = None
    other.uuid, other.address = uuid.uuid4(), "other@unified.example"
    other.username = other.address
    other.save()
    inboxes.deliver(other.address, letter("For the other one"))
    box.set_password(password)
    for name, value in changes.items():
        setattr(box, name, value)
    box.save()

    assert fetch_all() == 1
    assert texts() == ["For the other one"]
    assert not check_mailbox(box)[0]

    box.refresh_from_db()
    assert "codec" in box.fetch_failure
    assert box.busy_until is None
