"""How the ERP misbehaves when it is told to."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from requests import ConnectionError as ConnectionFailed  # noqa: TID251 - as zeep lets it through
from requests import ReadTimeout  # noqa: TID251
from zeep.exceptions import Error, Fault, TransportError  # noqa: TID251

from tests.sandbox.messages import Crm, header, new_uuid, partner
from tests.sandbox.process import SandboxErp, wait_for
from tests.sandbox.test_erp_requests import fault_code

CREATE = "BusinessPartnerERPCreateRequest"
STATUS = "BusinessDocumentStatusERPByUUIDQuery"


def test_a_dropped_answer_leaves_a_committed_message(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "commit_then_drop", "every": 1, "operation": CREATE}])
    uuid = new_uuid()

    with pytest.raises(ConnectionFailed):
        crm.call(CREATE, MessageHeader=header(uuid), BusinessPartner=partner())

    assert crm.answers_to(uuid)[0].succeeded
    assert crm.call(STATUS, UUID=uuid).StateCode == "SUCCEEDED"


def test_every_third_call_is_struck(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "soap_fault", "every": 3}])

    def is_struck() -> bool:
        try:
            crm.call(STATUS, UUID=new_uuid())
        except Fault as fault:
            return fault_code(fault) == "TEMPORARY_ERROR"
        return False

    assert [is_struck() for _call in range(6)] == [False, False, True, False, False, True]


def test_an_html_error_of_a_proxy_is_no_business_answer(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "http_503_html", "times": 1}])

    with pytest.raises(Fault) as caught:
        crm.call(STATUS, UUID=new_uuid())

    assert isinstance(caught.value.detail, bytes)
    assert crm.call(STATUS, UUID=new_uuid()).StateCode == "NOT_FOUND"


def test_an_answer_can_be_broken_xml(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "malformed_xml", "times": 1}])

    with pytest.raises(TransportError):
        crm.call(STATUS, UUID=new_uuid())


def test_a_delay_outlasts_the_patience_of_the_client(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "delay", "seconds": 0.6, "times": 1}])
    uuid = new_uuid()

    with patience(crm, 0.2), pytest.raises(ReadTimeout):
        crm.call(CREATE, MessageHeader=header(uuid), BusinessPartner=partner())

    assert crm.answers_to(uuid)[0].succeeded


def test_a_confirmation_comes_twice_as_the_same_message(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "duplicate_confirmation"}])
    uuid = new_uuid()
    crm.call(CREATE, MessageHeader=header(uuid), BusinessPartner=partner())

    first, second = crm.answers_to(uuid, count=2)

    assert first.header["UUID"] == second.header["UUID"]


def test_a_confirmation_comes_late(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "late_confirmation", "seconds": 0.8}])
    uuid = new_uuid()
    began = time.monotonic()
    crm.call(CREATE, MessageHeader=header(uuid), BusinessPartner=partner())

    crm.answers_to(uuid)

    assert time.monotonic() - began > 0.7


def test_connections_are_refused_and_accepted_again(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "refuse_connection", "duration_seconds": 120}])

    def refused() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", erp.port)) == errno.ECONNREFUSED

    wait_for(refused, seconds=30)
    erp.control("DELETE", "faults")

    assert crm.call(STATUS, UUID=new_uuid()).StateCode == "NOT_FOUND"


def test_a_connection_is_reset_now_and_then(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "refuse_connection", "times": 1}])

    with pytest.raises(ConnectionFailed):
        crm.call(STATUS, UUID=new_uuid())

    assert crm.call(STATUS, UUID=new_uuid()).StateCode == "NOT_FOUND"


def test_an_erp_without_memory_creates_twice(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "faults", [{"kind": "no_dedupe"}])
    who, uuid = partner(), new_uuid()

    numbers = {
        crm.send(CREATE, uuid, BusinessPartner=who).content["ConfirmedObject"]["InternalID"]
        for _time in range(2)
    }

    assert len(numbers) == 2
    assert [entry["effect"] for entry in erp.ledger()] == ["created", "created"]


def test_a_locked_partner_is_retryable_and_the_same_message_succeeds_later(
    erp: SandboxErp, crm: Crm
) -> None:
    wanted, uuid = crm.prepared(), new_uuid()
    erp.control("POST", "faults", [{"kind": "lock_partner", "times": 1}])

    operation = "UtilitiesContractERPCreateRequest"
    locked = crm.send(operation, uuid, UtilitiesContract=wanted)
    free = crm.send(operation, uuid, UtilitiesContract=wanted)

    assert locked.codes == ["BP_LOCKED"]
    assert locked.items[0]["RetryableIndicator"] == "true"
    assert free.succeeded


def test_generation_goes_on_at_the_step_that_broke_off(erp: SandboxErp, crm: Crm) -> None:
    wanted, uuid = crm.prepared(), new_uuid()
    broken = {"kind": "step_failure", "operation": "MOVE_IN", "times": 1}
    erp.control("POST", "faults", [broken])
    operation = "UtilitiesContractERPCreateRequest"
    crm.call(operation, MessageHeader=header(uuid), UtilitiesContract=wanted)
    failed = crm.answers_to(uuid, count=7)[-1]

    crm.send(operation, uuid, UtilitiesContract=wanted)
    done = crm.answers_to(uuid, count=10)[-2:]

    assert failed.content["Step"]["StepCode"] == "MOVE_IN"
    assert (failed.content["OverallStatusCode"], failed.codes) == ("FAILED", ["STEP_FAILED"])
    assert [one.content["Step"]["StepCode"] for one in done] == ["MOVE_IN", "CONTRACT"]
    assert [one.content["Step"]["SequenceNumber"] for one in done] == ["7", "8"]


@pytest.mark.parametrize(
    "nonsense",
    [[{"kind": "earthquake"}], [{"kind": "delay", "seconds": "long"}], "delay", [{"mind": 1}]],
)
def test_a_fault_that_makes_no_sense_is_refused(erp: SandboxErp, nonsense: object) -> None:
    assert "error" in erp.control("POST", "faults", nonsense)
    assert erp.control("GET", "faults") == []


def test_wrong_credentials_are_refused(erp: SandboxErp, crm: Crm) -> None:
    session = crm.client.transport.session
    right, session.auth = session.auth, ("erp", "guess")
    try:
        with pytest.raises(Error):
            crm.call(STATUS, UUID=new_uuid())
    finally:
        session.auth = right


@contextmanager
def patience(crm: Crm, seconds: float) -> Iterator[None]:
    """Let the client wait no longer, for the length of a block."""
    transport = crm.client.transport
    before, transport.operation_timeout = transport.operation_timeout, seconds
    yield
    transport.operation_timeout = before
