"""When the register or the way to it fails, we know what may be done about it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from market.choices import Codec
from market.gateway import access, canonical
from market.gateway.register import FailureKind, RegisterFailure
from tests.market.wire.messages import Supplier, Wire, access_to, collect_in_spite, point

NOT_APPLIED, UNKNOWN, REFUSED = FailureKind.NOT_APPLIED, FailureKind.UNKNOWN, FailureKind.REFUSED

# kind of fault, how it is set, what we may conclude, was it the register itself that answered,
# and has it taken the message in the end
FAULTS = [
    ("refuse_connection", {}, UNKNOWN, False, False),
    ("http_500", {}, UNKNOWN, False, False),
    ("http_503_html", {}, NOT_APPLIED, False, False),
    ("http_429", {}, NOT_APPLIED, True, False),
    ("black_hole", {"seconds": 0.6}, UNKNOWN, False, False),
    ("delay", {"seconds": 0.6}, UNKNOWN, False, True),
    ("commit_then_drop", {}, UNKNOWN, False, True),
    ("refuse_everything", {}, REFUSED, True, False),
]


@pytest.mark.parametrize(
    ("kind", "how", "expected", "reached", "taken"), FAULTS, ids=[fault[0] for fault in FAULTS]
)
def test_each_fault_is_of_one_kind_and_the_message_has_one_effect_in_the_end(
    supplier: Supplier, kind, how, expected, reached, taken
):
    claim = supplier.claim(point(supplier.codec))
    supplier.sandbox.fault(kind, operation="submit", times=1, **how)

    with pytest.raises(RegisterFailure) as caught:
        supplier.impatient().submit(claim)

    assert caught.value.kind is expected
    assert caught.value.reached is reached
    assert caught.value.text
    if taken:
        _until(lambda: supplier.sandbox.ledger(supplier.client))
    known = supplier.register.status_of(claim)
    assert (known is not None) is taken
    supplier.register.submit(claim)
    assert len(supplier.sandbox.ledger(supplier.client)) == 1
    assert [type(one.messages[0]) for one in supplier.drain()] == [canonical.ClaimConfirmed]


@pytest.mark.parametrize("operation", ["collect", "status"])
def test_an_answer_that_trickles_in_comes_to_an_end(supplier: Supplier, operation):
    supplier.register.submit(supplier.claim(point(supplier.codec)))
    claim = supplier.claim(point(supplier.codec))
    supplier.sandbox.fault("trickle", operation=operation, seconds=0.1)
    register = supplier.impatient()
    asked = {"collect": register.collect, "status": lambda: register.status_of(claim)}[operation]
    if operation == "status":
        supplier.register.submit(claim)
    began = time.monotonic()

    with pytest.raises(RegisterFailure) as caught:
        asked()

    assert caught.value.kind is UNKNOWN
    # a second to connect and three tenths to answer, for the whole of it
    assert time.monotonic() - began < 4


def test_a_head_that_trickles_in_comes_to_an_end_too():
    listener = socket.create_server(("127.0.0.1", 0))

    def trickle() -> None:
        line, _address = listener.accept()
        with line:
            line.recv(4096)
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
                try:
                    line.send(bytes([byte]))
                except OSError:
                    return
                time.sleep(0.1)

    threading.Thread(target=trickle, daemon=True).start()
    began = time.monotonic()

    with pytest.raises(RegisterFailure):
        access_to(Codec.POSF, listener.getsockname()[1], read_timeout=0.5).ping()

    assert time.monotonic() - began < 5
    listener.close()


def test_one_log_in_serves_many_messages(supplier: Supplier, monkeypatch):
    monkeypatch.setattr(access, "_tokens", {})
    supplier.sandbox.fault("http_500", operation="token", every=2)

    for number in range(1, 5):
        Wire(supplier.login).submit(supplier.claim(point(supplier.codec, of=number)))

    assert len(supplier.sandbox.ledger(supplier.client)) == 4


def test_an_expired_token_is_asked_for_again_without_a_word(supplier: Supplier):
    supplier.register.ping()
    supplier.sandbox.fault("expired_token", operation="submit", times=1)

    answer = supplier.answer_to(supplier.claim(point(supplier.codec)))

    assert isinstance(answer, canonical.ClaimConfirmed)


def test_a_document_that_broke_on_its_way_is_read_whole_the_next_time(supplier: Supplier):
    supplier.register.submit(supplier.claim(point(supplier.codec)))
    supplier.sandbox.fault("malformed_xml", operation="collect", times=1)

    documents = collect_in_spite(supplier.register)

    assert [type(one.messages[0]) for one in documents] == [canonical.ClaimConfirmed]
    assert len(supplier.drain()) == 1


def test_a_document_that_is_broken_for_good_is_kept_and_does_not_hold_up_the_queue(
    supplier: Supplier,
):
    supplier.register.submit(supplier.claim(point(supplier.codec)))
    supplier.sandbox.fault("malformed_xml", operation="collect")

    (document,) = supplier.register.collect()

    assert document.problem
    assert document.messages == ()
    assert document.raw
    supplier.register.commit(document.queue_id)
    supplier.sandbox.control("DELETE", "faults")
    assert supplier.register.collect() == []


def test_a_lost_commit_is_sent_again_and_nothing_unread_is_lost(supplier: Supplier):
    for number in (1, 2):
        supplier.register.submit(supplier.claim(point(supplier.codec, of=number)))
    first = supplier.register.collect()[0]
    supplier.sandbox.fault("commit_then_drop", operation="commit", times=1)

    with pytest.raises(RegisterFailure) as caught:
        supplier.register.commit(first.queue_id)
    supplier.register.commit(first.queue_id)

    assert caught.value.kind is UNKNOWN
    (left,) = supplier.drain()
    assert left.queue_id != first.queue_id


def test_nothing_was_applied_where_nobody_listens(supplier: Supplier):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    failure = _failure_of(access_to(supplier.codec, port), supplier)

    assert (failure.kind, failure.reached) == (NOT_APPLIED, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"url": "http://127.0.0.1:{port}/posf/nobody"},
        {"url": "http://127.0.0.1:{port}/elsewhere"},
        {"url": "http://no host"},
        {"url": "gopher://127.0.0.1/"},
        {"url": "http://[::1"},
        {"url": ""},
    ],
    ids=str,
)
def test_nothing_was_applied_with_a_wrong_log_in_or_address(supplier: Supplier, changes):
    port = supplier.sandbox.port
    wrong = {name: value.format(port=port) for name, value in changes.items()}
    register = Wire(supplier.sandbox.login(supplier.codec, **wrong))

    failure = _failure_of(register, supplier)

    assert failure.kind is NOT_APPLIED
    assert failure.text
    assert supplier.sandbox.ledger(supplier.client) == []


def test_a_log_in_does_not_show_its_password(supplier: Supplier):
    assert supplier.login.password not in f"{supplier.login!r} {supplier.login!s}"


def test_a_failing_log_in_has_applied_nothing(supplier: Supplier, monkeypatch):
    monkeypatch.setattr(access, "_tokens", {})
    supplier.sandbox.fault("http_500", operation="token")

    failure = _failure_of(Wire(supplier.login), supplier)

    assert failure.kind is NOT_APPLIED


def _failure_of(register: Wire, supplier: Supplier) -> RegisterFailure:
    with pytest.raises(RegisterFailure) as caught:
        register.submit(supplier.claim(point(supplier.codec)))
    return caught.value


def _until(look: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not look():
        assert time.monotonic() < end
        time.sleep(0.02)
