"""Moves and supply again: what they do to contracts, and what stands against them."""

from __future__ import annotations

import pytest

from contracts.choices import EffectOutcome, ItemStatus, ProcessKind, ProcessStatus
from contracts.forms.processes.moving import FinalBill
from contracts.models import ContractItem
from contracts.services.processes import answering
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.releasing import findings_of, retry
from contracts.services.processes.shapes import ProcessRefused
from tests.contracts.lives import BILL, confirm, do, on, supplied, transfer_facts
from tests.factories.contracts import ContractItemFactory
from tests.factories.devices import MeterReadingFactory, RegisterFactory
from tests.factories.premises import make_mpan
from utilcrm import clock

pytestmark = pytest.mark.django_db

__all__ = ["do", "supplied"]


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


@pytest.mark.covers("B-17b", "N-10")
def test_an_odd_final_reading_is_told_before_the_release(supplied, agent):
    register = RegisterFactory(device_info_record__pod=supplied.pod)
    MeterReadingFactory(register=register, read_on=on(-20), value=12_000)
    process = start_process(
        kind=ProcessKind.MOVE_OUT,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    facts = {**BILL, "moved_on": on(3).isoformat(), "reading_mode": "READ"}
    told = [
        [one.code for one in findings_of(process, {**facts, "readings": readings})]
        for readings in ({str(supplied.uuid): {register.code: value}} for value in ("1", "12100"))
    ]

    assert told == [["READING_ODD"], []]


@pytest.mark.covers("B-17b")
@pytest.mark.parametrize(
    ("country", "postcode", "field"), [("Q1", "LS1 4AP", "country"), ("GB", "XX", "postcode")]
)
def test_a_final_bill_goes_to_an_address_that_can_be(supplied, agent, country, postcode, field):
    process = start_process(
        kind=ProcessKind.MOVE_OUT,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    typed = {**BILL["forwarding_address"], "payment_method": "TRANSFER"}
    form = FinalBill({**typed, "country": country, "postcode": postcode}, process=process)

    assert list(form.errors) == [field]
