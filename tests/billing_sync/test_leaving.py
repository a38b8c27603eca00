"""Move-out and supply again on their way to the ERP: each message once, in its order."""

from __future__ import annotations

import pytest

from access.models import User
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes.registry import KINDS
from devices.models import MeterReading
from tests.billing_sync.lives import (
    Work,
    changed,
    changes,
    confirmed,
    created,
    day,
    do,
    legs,
    message_about,
    meters,
    stands,
    supplied,
    told,
)
from tests.billing_sync.variants import both_models, every_variant
from tests.contracts.lives import BILL
from tests.support.erp import SandboxErp

__all__ = ["supplied"]


def move_out(item: ContractItem, actor: User) -> ContractProcess:
    return do(
        ProcessKind.MOVE_OUT,
        item,
        actor,
        moved_on=day(0).isoformat(),
        reading_mode="READ",
        readings={str(item.uuid): {"001": "1250"}},
        **BILL,
    )


def supply_again(item: ContractItem, actor: User, *, reading: str = "1250") -> ContractProcess:
    return do(
        ProcessKind.REACTIVATION,
        item,
        actor,
        starts_on=day(0).isoformat(),
        has_consented=True,
        meters=meters(reading),
    )


@every_variant
@pytest.mark.covers("B-17b", "A-01")
def test_who_moves_out_is_supplied_again_by_one_message_each_though_answers_are_lost(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    erp.control("faults", {"kind": "commit_then_drop", "every": 1})
    old, before = legs(supplied.contract), len(erp.ledger())
    process = move_out(supplied, agent)
    work(lambda: confirmed(process), seconds=60)
    ended = supplied.contract.items.filter(status=ItemStatus.ENDED, ends_on=day(0))
    assert set(ended) == set(old)

    again = supply_again(supplied, agent)
    work(lambda: confirmed(again), seconds=60)

    new = legs(supplied.contract)
    assert [item.role for item in new] == [item.role for item in old]
    assert {(item.status, item.starts_on) for item in new} == {(ItemStatus.COMPLETED, day(0))}
    assert told(erp, before) == [*changed(*old), *created(*new)]
    for grid in new[1:]:
        supply = message_about(grid)["SupplyContract"]
        assert supply["ExternalReference"] == str(new[0].uuid)


@pytest.mark.parametrize("variant", ["nordlicht", "havn"])
@pytest.mark.covers("A-11", "C-15")
def test_who_leaves_with_the_supply_keeps_the_grid_and_comes_back(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    _supply, grid = legs(supplied.contract)
    before = len(erp.ledger())

    process = do(
        ProcessKind.END_OF_SUPPLY,
        supplied,
        agent,
        ends_on=day(0).isoformat(),
        reason="SUPPLIER_SWITCH",
    )
    work(lambda: confirmed(process))

    supplied.refresh_from_db()
    supplied.contract.refresh_from_db()
    assert (supplied.status, supplied.ends_on) == (ItemStatus.ENDED, day(0))
    assert legs(supplied.contract) == [grid]
    assert (legs(supplied.contract)[0].stands_alone, supplied.contract.status) == (True, "ACTIVE")
    assert told(erp, before) == changed(supplied)

    assert KINDS[ProcessKind.REACTIVATION].possible(supplied.contract) == ""
    again = supply_again(supplied, agent, reading="1204")
    work(lambda: confirmed(again))

    supply, same = legs(supplied.contract)
    assert (same, same.supply_item) == (grid, supply)
    assert (supply.starts_on, supply.status) == (day(0), ItemStatus.COMPLETED)
    assert told(erp, before) == [*changed(supplied), *created(supply)]


@both_models
@pytest.mark.covers("B-17b")
def test_a_refused_move_out_leaves_no_final_reading(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = move_out(supplied, agent)
    assert MeterReading.objects.get(reason="MOVE_OUT").status == "PLAUSIBLE"

    work(lambda: stands(process) == ProcessStatus.REJECTED)

    assert MeterReading.objects.get(reason="MOVE_OUT").status == "REJECTED"
    assert [entry["effect"] for entry in changes(erp)] == ["none"]


@pytest.mark.covers("C-15")
def test_a_final_reading_goes_with_our_own_notice_without_an_address(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    process = do(
        ProcessKind.TERMINATION_SUPPLIER,
        supplied,
        agent,
        ends_on=day(0).isoformat(),
        reason="MUTUAL",
        readings={str(supplied.uuid): {"001": "1250"}},
    )
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    assert [entry["effect"] for entry in changes(erp)] == ["changed"]
    assert MeterReading.objects.get(reason="MOVE_OUT").value == 1250
