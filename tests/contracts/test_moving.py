"""Moves, withdrawals and supply again: what they do to contracts, and what stands against them."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.choices import EffectOutcome, ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes import answering
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.registry import KINDS
from contracts.services.processes.releasing import findings_of, release, retry
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo, why_not_undone
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from utilcrm import clock

pytestmark = pytest.mark.django_db

BILL = {
    "forwarding_address": {
        "street": "Mill Lane",
        "house_number": "2",
        "postcode": "LS1 4AP",
        "town": "Leeds",
        "country": "GB",
    },
    "payment_method": "TRANSFER",
}


def on(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


@pytest.fixture
def supplied(account) -> ContractItem:
    """Supply of a customer, running since two months."""
    contract = SignedContractFactory(account=account, business_agreement=account.agreements.get())
    item = ContractItemFactory(
        contract=contract,
        status=ItemStatus.COMPLETED,
        erp_number="6000000001",
        block_reason="",
        starts_on=on(-60),
        pod__external_id=make_mpan(1_000_001),
    )
    item.prices.create(component="ENERGY", amount="0.24", agreed_amount="0.22")
    contract.refresh_status([item.status])
    return item


@pytest.fixture
def do(agent):
    """Begin a process of a kind about an item, and release it."""

    def run(kind: str, item: ContractItem, **facts) -> ContractProcess:
        process = start_process(
            kind=kind, account=item.contract.account, contract=item.contract, actor=agent
        )
        return release(process=process, facts=facts, version=None, actor=agent)

    return run


def confirm(process: ContractProcess) -> None:
    """Play the ERP: everything is done there."""
    for row in process.items.select_related("item").order_by("pk"):
        if row.effect == "STARTS":
            row.item.refresh_from_db()
            row.item.mark_completed(erp_number=f"6{row.item.pk:09d}", at=clock.now())
        answering.confirm(process_item_uuid=row.uuid)
    process.refresh_from_db()


def transfer_facts(item, *, day: int = 10, pod=None) -> dict:
    pod = pod or PointOfDeliveryFactory(external_id=make_mpan(1_000_002))
    return {
        "new_premise": str(pod.premise.uuid),
        "moved_on": on(day).isoformat(),
        "contracts": [str(item.contract.uuid)],
        "reading_mode": "ESTIMATE",
        "meters": {"ELECTRICITY": {"serial": "21Z9", "rate": "SINGLE", "readings": {"001": "120"}}},
        "has_consented": True,
        **BILL,
    }


@pytest.mark.covers("B-17b")
def test_a_transfer_ends_the_old_on_the_day_on_which_the_new_begins(supplied, do):
    process = do(ProcessKind.TRANSFER, supplied, **transfer_facts(supplied))

    supplied.refresh_from_db()
    [new] = ContractItem.objects.exclude(pk=supplied.pk)
    assert supplied.ends_on == new.starts_on == on(10)
    assert new.contract != supplied.contract
    assert new.contract.signed_at
    assert new.status == ItemStatus.QUEUED
    assert [str(p.agreed_amount) for p in new.prices.all()] == ["0.220000"]
    assert new.registers.get().move_in_reading == 120
    assert new.term_months == 10
    confirm(process)
    assert process.status == ProcessStatus.CONFIRMED


@pytest.mark.covers("B-17b")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"forwarding_address": {}}, "street"),
        ({"payment_method": ""}, "payment_method"),
        ({"new_premise": ""}, "new_premise"),
        ({"new_premise": "nonsense"}, "new_premise"),
        ({"has_consented": False}, "has_consented"),
        ({"meters": {}}, "serial_electricity"),
        ({"moved_on": ""}, "moved_on"),
        ({"moved_on": on(5000).isoformat()}, "moved_on"),
        ({"moved_on": on(-40).isoformat()}, "moved_on"),
        ({"contracts": ["00000000-0000-0000-0000-000000000000"]}, "contracts"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_at_the_field(supplied, do, changes, field):
    with pytest.raises(ProcessRefused) as refused:
        do(ProcessKind.TRANSFER, supplied, **{**transfer_facts(supplied), **changes})

    assert refused.value.field == field
    assert ContractItem.objects.count() == 1


@pytest.mark.covers("B-17b")
def test_nobody_is_transferred_to_where_somebody_else_is_supplied(supplied, do):
    there = ContractItemFactory(
        status=ItemStatus.COMPLETED, erp_number="7", pod__external_id=make_mpan(1_000_003)
    )

    with pytest.raises(ProcessRefused, match="Somebody else"):
        do(ProcessKind.TRANSFER, supplied, **transfer_facts(supplied, pod=there.pod))


def test_a_refused_transfer_leaves_nothing_behind_and_is_sent_again(supplied, do, agent):
    process = do(ProcessKind.TRANSFER, supplied, **transfer_facts(supplied))
    [ends] = process.items.filter(effect="ENDS")

    answering.reject(process_item_uuid=ends.uuid, code="END_BILLED", text="billed until then")

    process.refresh_from_db()
    supplied.refresh_from_db()
    [new] = ContractItem.objects.exclude(pk=supplied.pk)
    assert (process.status, process.failure_text) == (ProcessStatus.REJECTED, "billed until then")
    assert supplied.ends_on is None
    assert (new.status, new.contract.status) == (ItemStatus.CANCELLED, "CANCELLED")

    retry(process=process, actor=agent)
    supplied.refresh_from_db()
    assert supplied.ends_on == on(10)
    live = ContractItem.objects.exclude(pk=supplied.pk).exclude(status=ItemStatus.CANCELLED)
    assert live.get().starts_on == on(10)


@pytest.mark.covers("B-17b")
def test_a_move_out_needs_a_date_and_an_address_for_the_final_bill(supplied, do):
    day = on(3).isoformat()
    with pytest.raises(ProcessRefused) as refused:
        do(ProcessKind.MOVE_OUT, supplied, moved_on=day)
    assert refused.value.field == "street"

    do(ProcessKind.MOVE_OUT, supplied, moved_on=day, **BILL)
    supplied.refresh_from_db()
    assert supplied.ends_on == on(3)


def test_an_end_inside_a_billed_period_is_refused_before_the_erp_is_asked(supplied, do):
    ContractItem.objects.filter(pk=supplied.pk).update(billed_until=on(-5))

    with pytest.raises(ProcessRefused) as refused:
        do(ProcessKind.MOVE_OUT, supplied, moved_on=on(-6).isoformat(), **BILL)

    assert (refused.value.code, refused.value.field) == ("END_BILLED", "moved_on")


def test_a_contract_is_locked_while_the_erp_has_another_process(supplied, do):
    do(ProcessKind.MOVE_OUT, supplied, moved_on=on(3).isoformat(), **BILL)

    with pytest.raises(ProcessRefused, match="still with the ERP"):
        do(
            ProcessKind.TERMINATION_CUSTOMER,
            supplied,
            ends_on=on(30).isoformat(),
            reason="MUTUAL",
        )


@pytest.mark.covers("A-02")
def test_supply_may_end_while_the_grid_stays_and_a_transfer_moves_both(supplied, do):
    grid = ContractItemFactory(
        contract=supplied.contract,
        pod=supplied.pod,
        role="GRID_USAGE",
        position=2,
        starts_on=supplied.starts_on,
        status=ItemStatus.COMPLETED,
        erp_number="6000000002",
        block_reason="",
        supply_item=supplied,
    )
    process = do(
        ProcessKind.END_OF_SUPPLY,
        supplied,
        ends_on=on(5).isoformat(),
        reason="SUPPLIER_SWITCH",
    )
    assert [row.item_id for row in process.items.all()] == [supplied.pk]
    answering.reject(process_item_uuid=process.items.get().uuid, code="X", text="no")
    give_up(process=process, version=None, reason="stays", actor=process.started_by)

    moved = do(ProcessKind.TRANSFER, supplied, **transfer_facts(supplied))

    assert sorted(moved.items.values_list("effect", flat=True)) == ["ENDS"] * 2 + ["STARTS"] * 2
    new = ContractItem.objects.get(role="GRID_USAGE", status=ItemStatus.QUEUED)
    assert new.supply_item.pod == new.pod != grid.pod


@pytest.mark.covers("C-15")
def test_a_withdrawal_of_supply_not_yet_begun_leaves_nothing_of_it(supplied, do):
    ContractItem.objects.filter(pk=supplied.pk).update(starts_on=on(20))
    do(ProcessKind.WITHDRAWAL, supplied, declared_on=clock.today().isoformat())

    supplied.refresh_from_db()
    assert supplied.ends_on == supplied.starts_on == on(20)


@pytest.mark.covers("C-15")
def test_a_withdrawal_after_the_period_is_refused(supplied, do):
    Contract.objects.update(signed_at=clock.now() - dt.timedelta(days=30), withdrawal_until=on(-1))

    assert "ended on" in KINDS["WITHDRAWAL"].possible(Contract.objects.get())
    with pytest.raises(ProcessRefused) as refused:
        do(
            ProcessKind.WITHDRAWAL,
            ContractItem.objects.get(),
            declared_on=clock.today().isoformat(),
        )
    assert refused.value.code == "WITHDRAWAL_TOO_LATE"


@pytest.mark.covers("C-15")
def test_an_end_is_undone_as_long_as_nobody_else_is_supplied_there(supplied, do, agent):
    process = do(
        ProcessKind.TERMINATION_CUSTOMER, supplied, ends_on=on(0).isoformat(), reason="MUTUAL"
    )
    confirm(process)
    supplied.refresh_from_db()
    assert supplied.status == ItemStatus.ENDED
    follower = ContractItemFactory(pod=supplied.pod, starts_on=on(2))
    with pytest.raises(ProcessRefused, match="since then"):
        undo(process=process, note="stays", actor=agent)
    follower.mark_cancelled(at=clock.now())

    back = undo(process=process, note="stays", actor=agent)
    confirm(back)

    supplied.refresh_from_db()
    process.refresh_from_db()
    assert (supplied.status, supplied.ends_on) == (ItemStatus.COMPLETED, None)
    assert process.status == ProcessStatus.UNDONE
    assert why_not_undone(process)


def test_a_refused_undo_leaves_the_contract_ended(supplied, do, agent):
    process = do(
        ProcessKind.TERMINATION_CUSTOMER, supplied, ends_on=on(0).isoformat(), reason="MUTUAL"
    )
    confirm(process)
    back = undo(process=process, note="stays", actor=agent)

    answering.reject(process_item_uuid=back.items.get().uuid, code="UNDO_TOO_LATE", text="billed")

    supplied.refresh_from_db()
    assert (supplied.status, supplied.ends_on) == (ItemStatus.ENDED, on(0))


@pytest.mark.covers("B-17b")
@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (4, True)])
def test_supply_begins_again_where_it_ended_or_later(supplied, do, days, allowed):
    supplied.mark_ended(on=on(-2), at=clock.now())
    facts = {
        "starts_on": on(-2 + days).isoformat(),
        "has_consented": True,
        "meters": {"ELECTRICITY": {"serial": "1", "rate": "SINGLE", "readings": {"001": "7"}}},
    }
    if not allowed:
        with pytest.raises(ProcessRefused) as refused:
            do(ProcessKind.REACTIVATION, supplied, **facts)
        assert refused.value.code == "START_BEFORE_END"
        return
    process = do(ProcessKind.REACTIVATION, supplied, **facts)
    confirm(process)
    again = ContractItem.objects.exclude(pk=supplied.pk).get()
    assert again.contract == supplied.contract
    assert (again.status, again.starts_on) == (ItemStatus.COMPLETED, on(-2 + days))
    assert process.status == ProcessStatus.CONFIRMED


def test_an_end_that_lies_ahead_comes_on_its_day(supplied, do):
    process = do(ProcessKind.MOVE_OUT, supplied, moved_on=on(0).isoformat(), **BILL)
    assert end_due_items() == 0, "the ERP has not answered yet"

    process.items.update(outcome=EffectOutcome.CONFIRMED)
    assert end_due_items() == 1

    supplied.refresh_from_db()
    assert supplied.status == ItemStatus.ENDED
    supplied.pod.premise.refresh_from_db()
    assert supplied.pod.premise.is_vacant


def test_findings_come_before_the_release(supplied, agent):
    process = start_process(
        kind=ProcessKind.MOVE_OUT,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    found = findings_of(process, {"moved_on": on(1).isoformat(), **BILL})

    assert [one.code for one in found] == ["READING_ESTIMATED"]
