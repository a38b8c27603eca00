"""Withdrawals, and ends that are undone."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem
from contracts.services.processes import answering
from contracts.services.processes.registry import KINDS
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo, why_not_undone
from tests.contracts.lives import confirm, do, on, supplied
from tests.factories.contracts import ContractItemFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db

__all__ = ["do", "supplied"]


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
