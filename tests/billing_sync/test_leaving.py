"""Move-out and supply again on their way to the ERP: each message once, in its order."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from devices.models import MeterReading
from tests.billing_sync.lives import CHANGE, Work, changes, stands, supplied
from tests.contracts.lives import BILL
from tests.support.erp import SandboxErp
from utilcrm import clock

__all__ = ["supplied"]

CREATE = "UtilitiesContractERPCreateRequest"


def do(kind: str, item: ContractItem, actor, **facts) -> ContractProcess:
    contract = item.contract
    process = start_process(kind=kind, account=contract.account, contract=contract, actor=actor)
    return release(process=process, facts=facts, version=None, actor=actor)


def move_out(item: ContractItem, actor, *, days: int = 0) -> ContractProcess:
    return do(
        ProcessKind.MOVE_OUT,
        item,
        actor,
        moved_on=(clock.today() + dt.timedelta(days=days)).isoformat(),
        reading_mode="READ",
        readings={str(item.uuid): {"001": "1300"}},
        **BILL,
    )


@pytest.mark.covers("B-17b", "A-01")
def test_who_moves_out_is_supplied_again_by_one_message_each_though_answers_are_lost(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "commit_then_drop", "every": 1})
    before = len(erp.ledger())
    process = move_out(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED, seconds=60)
    supplied.refresh_from_db()
    assert supplied.status == ItemStatus.ENDED

    again = do(
        ProcessKind.REACTIVATION,
        supplied,
        agent,
        starts_on=clock.today().isoformat(),
        has_consented=True,
        meters={"ELECTRICITY": {"readings": {"001": "1300"}}},
    )
    work(lambda: stands(again) == ProcessStatus.CONFIRMED, seconds=60)

    new = supplied.contract.items.exclude(pk=supplied.pk).get()
    assert (new.status, new.starts_on) == (ItemStatus.COMPLETED, supplied.ends_on)
    told = [(e["kind"], e["external_reference"], e["effect"]) for e in erp.ledger()[before:]]
    assert told == [
        (CHANGE, str(supplied.uuid), "changed"),
        (CREATE, str(new.uuid), "created"),
    ]


@pytest.mark.covers("B-17b")
def test_a_refused_move_out_leaves_no_final_reading(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
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
        ends_on=clock.today().isoformat(),
        reason="MUTUAL",
        readings={str(supplied.uuid): {"001": "1300"}},
    )
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    assert [entry["effect"] for entry in changes(erp)] == ["changed"]
    assert MeterReading.objects.get(reason="MOVE_OUT").value == 1300
