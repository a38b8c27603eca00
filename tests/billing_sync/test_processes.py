"""What happens in a contract's life gets to the ERP: once, in order, and back again."""

from __future__ import annotations

import pytest

from access.models import User
from billing_sync.gateway.changes import objects_by_keys
from billing_sync.gateway.client import ErpGateway
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.releasing import release
from contracts.services.processes.undoing import undo
from events.models import Delivery
from events.services import mending
from tests.billing_sync.lives import (
    CHANGE,
    Work,
    changed,
    changes,
    confirmed,
    day,
    do,
    legs,
    stands,
    supplied,
    terminate,
    told,
)
from tests.billing_sync.variants import both_models, new_place, newcomer, sell
from tests.support.erp import SandboxErp

__all__ = ["supplied"]


@pytest.mark.covers("A-01", "B-17", "A-11")
@pytest.mark.parametrize(
    ("variant", "kind", "reason"),
    [
        ("unified", ProcessKind.TERMINATION_CUSTOMER, "MUTUAL"),
        ("havn", ProcessKind.TERMINATION_CUSTOMER, "MUTUAL"),
        ("unified", ProcessKind.TERMINATION_SUPPLIER, "BREACH"),
        ("havn", ProcessKind.TERMINATION_SUPPLIER, "BREACH"),
        ("unified", ProcessKind.END_OF_SUPPLY, "SUPPLIER_SWITCH"),
    ],
)
def test_an_end_reaches_the_erp_once_and_is_confirmed(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, kind: str, reason: str
) -> None:
    items, before = legs(supplied.contract), len(erp.ledger())
    process = do(kind, supplied, agent, ends_on=day(20).isoformat(), reason=reason)
    assert stands(process) == ProcessStatus.RELEASED

    work(lambda: confirmed(process))

    for item in items:
        item.refresh_from_db()
        assert (item.ends_on, item.status) == (day(20), ItemStatus.COMPLETED)
    assert told(erp, before) == changed(*items)


@pytest.mark.covers("A-01")
def test_an_answer_lost_after_the_commit_changes_a_contract_once(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User
) -> None:
    erp.control("faults", {"kind": "commit_then_drop", "operation": CHANGE, "times": 1})
    process = terminate(supplied, agent)

    work(lambda: confirmed(process))

    assert [entry["effect"] for entry in changes(erp)] == ["changed"]


@both_models
@pytest.mark.covers("C-15")
def test_a_termination_is_undone_and_the_contract_is_open_again(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    items, before = legs(supplied.contract), len(erp.ledger())
    process = terminate(supplied, agent)
    work(lambda: confirmed(process))
    process.refresh_from_db()

    back = undo(process=process, note="stays with us", actor=agent)
    work(lambda: confirmed(back))

    assert legs(supplied.contract) == items
    assert stands(process) == ProcessStatus.UNDONE
    assert told(erp, before) == [*changed(*items), *changed(*items)]


@both_models
def test_a_refusal_puts_the_contract_back_and_is_mended(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    items, before = legs(supplied.contract), len(erp.ledger())
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)

    work(lambda: stands(process) == ProcessStatus.REJECTED)
    process.refresh_from_db()
    assert legs(supplied.contract) == items
    assert process.failure_code == "CONTRACT_LOCKED"
    assert "locked by a clerk" in process.failure_text

    # the other leg's message may still be waiting with the day that was asked for at first
    facts = {**process.facts, "ends_on": day(25).isoformat()}
    release(process=process, facts=facts, version=None, actor=agent)
    work(lambda: confirmed(process))
    assert {item.ends_on for item in supplied.contract.items.all()} == {day(25)}
    assert ends_in_the_erp(items) == {day(25).isoformat()}
    assert told(erp, before) == [(CHANGE, str(supplied.uuid), "none"), *changed(*items)]


def ends_in_the_erp(items: list[ContractItem]) -> set[str]:
    """Return the ends that the ERP has for these items."""
    keys = [one.erp_number for one in ContractItem.objects.filter(pk__in=[i.pk for i in items])]
    return {one["EndDate"] for one in objects_by_keys(ErpGateway.of_tenant(), "CONTRACT", keys)}


@both_models
def test_a_refused_process_goes_on_when_its_message_is_sent_again(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    items, before = legs(supplied.contract), len(erp.ledger())
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)

    stopped = next(one for one in Delivery.objects.filter(kind="contract-change") if one.is_parked)
    mending.retry(delivery=stopped, actor=agent)
    work(lambda: confirmed(process))

    assert told(erp, before) == [(CHANGE, str(supplied.uuid), "none"), *changed(*items)]


@both_models
def test_a_refused_process_that_is_given_up_frees_the_lane(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    items, before = legs(supplied.contract), len(erp.ledger())
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = terminate(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)
    give_up(process=process, version=None, reason="stays", actor=agent)

    second = terminate(supplied, agent, days=30)
    work(lambda: confirmed(second))

    assert told(erp, before) == [(CHANGE, str(supplied.uuid), "none"), *changed(*items)]


def test_a_contract_that_is_being_set_up_is_changed_as_soon_as_it_is_there(
    erp: SandboxErp, work: Work, agent: User
) -> None:
    contract = sell(newcomer(), new_place(erp), agent, starts_on=day(3))
    [item] = contract.items.select_related("contract__account")
    there = {ItemStatus.ACCEPTED, ItemStatus.COMPLETED}
    work(lambda: set(contract.items.values_list("status", flat=True)) <= there)
    process = terminate(item, agent)

    work(lambda: confirmed(process), seconds=40)

    assert [e["effect"] for e in changes(erp)].count("changed") == 1
