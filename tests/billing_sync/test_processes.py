"""What happens in a contract's life gets to the ERP: once, in order, and back again."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.choices import ItemStatus, ProcessStatus
from contracts.models import ContractItem
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.releasing import retry
from contracts.services.processes.undoing import undo
from events.models import Delivery
from events.services import mending
from tests.billing_sync.lives import CHANGE, Work, changes, stands, supplied, terminate
from tests.billing_sync.test_sending import sign, signed_item, status_of
from tests.support.erp import SandboxErp
from utilcrm import clock

__all__ = ["supplied"]


@pytest.mark.covers("A-01", "B-17")
def test_a_termination_reaches_the_erp_once_and_is_confirmed(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    process = terminate(supplied, agent)
    assert stands(process) == ProcessStatus.RELEASED

    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    supplied.refresh_from_db()
    assert supplied.ends_on == clock.today() + dt.timedelta(days=20)
    assert supplied.status == ItemStatus.COMPLETED
    [told] = changes(erp)
    assert (told["state"], told["effect"]) == ("SUCCEEDED", "changed")
    assert told["external_reference"] == str(supplied.uuid)


@pytest.mark.covers("A-01")
def test_an_answer_lost_after_the_commit_changes_a_contract_once(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "commit_then_drop", "operation": CHANGE, "times": 1})
    process = terminate(supplied, agent)

    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    assert [entry["effect"] for entry in changes(erp)] == ["changed"]


@pytest.mark.covers("C-15")
def test_a_termination_is_undone_and_the_contract_is_open_again(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    process = terminate(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)
    process.refresh_from_db()

    back = undo(process=process, note="stays with us", actor=agent)
    work(lambda: stands(back) == ProcessStatus.CONFIRMED)

    supplied.refresh_from_db()
    assert supplied.ends_on is None
    assert stands(process) == ProcessStatus.UNDONE
    assert [entry["effect"] for entry in changes(erp)] == ["changed", "changed"]


def test_a_refusal_puts_the_contract_back_and_is_mended(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)

    work(lambda: stands(process) == ProcessStatus.REJECTED)
    process.refresh_from_db()
    supplied.refresh_from_db()
    assert supplied.ends_on is None
    assert process.failure_code == "CONTRACT_LOCKED"
    assert "locked by a clerk" in process.failure_text

    retry(process=process, actor=agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)
    supplied.refresh_from_db()
    assert supplied.ends_on == clock.today() + dt.timedelta(days=20)
    assert [entry["effect"] for entry in changes(erp)] == ["none", "changed"]


def test_a_refused_process_goes_on_when_its_message_is_sent_again(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)

    stopped = next(one for one in Delivery.objects.filter(kind="contract-change") if one.is_parked)
    mending.retry(delivery=stopped, actor=agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    assert [entry["effect"] for entry in changes(erp)] == ["none", "changed"]


def test_a_refused_process_that_is_given_up_frees_the_lane(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)
    give_up(process=process, version=None, reason="stays", actor=agent)

    second = terminate(supplied, agent, days=30)
    work(lambda: stands(second) == ProcessStatus.CONFIRMED)

    assert [entry["effect"] for entry in changes(erp)] == ["none", "changed"]


def test_a_contract_that_is_being_set_up_is_changed_as_soon_as_it_is_there(
    erp: SandboxErp, work: Work, agent
) -> None:
    item = signed_item(starts_on=clock.today() + dt.timedelta(days=3))
    sign(item)
    work(lambda: status_of(item) in {ItemStatus.ACCEPTED, ItemStatus.COMPLETED})
    process = terminate(item, agent)

    work(lambda: stands(process) == ProcessStatus.CONFIRMED, seconds=40)

    assert [e["effect"] for e in changes(erp)].count("changed") == 1
