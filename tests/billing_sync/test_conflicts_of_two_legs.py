"""A conflict about one of the two contracts at a point of delivery leaves the other one alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from access.models import User
from billing_sync.choices import ConflictStatus
from billing_sync.gateway.changes import objects_by_keys
from billing_sync.gateway.client import ErpGateway
from billing_sync.models import SyncConflict
from billing_sync.services.conflicts.settling import settle_conflict
from billing_sync.services.following import polling
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem, ContractProcess, ProcessItem
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from events.models import Delivery
from tests.billing_sync.book import office, running_item
from tests.support.erp import SandboxErp

Work = Callable[..., Any]
OURS, THEIRS = dt.date(2027, 5, 31), dt.date(2027, 2, 28)


def end_in_the_erp(item: ContractItem) -> dt.date | None:
    [found] = objects_by_keys(ErpGateway.of_tenant(), "CONTRACT", [item.erp_number])
    return dt.date.fromisoformat(found["EndDate"]) if found.get("EndDate") else None


def disputed_grid(book: SandboxErp, actor: User) -> tuple[ContractItem, ContractItem, SyncConflict]:
    """End both legs here while the ERP takes no changes, and the grid alone in the ERP."""
    operation = "UtilitiesContractERPChangeRequest"
    book.control("faults", [{"kind": "http_503_html", "operation": operation}])
    supply = running_item()
    grid = supply.contract.items.get(role="GRID_USAGE")
    process = start_process(
        kind=ProcessKind.TERMINATION_CUSTOMER,
        account=supply.contract.account,
        contract=supply.contract,
        actor=actor,
    )
    facts = {"ends_on": OURS.isoformat(), "reason": "MUTUAL"}
    release(process=process, facts=facts, version=None, actor=actor)
    ended = set(ProcessItem.objects.filter(process=process).values_list("item_id", flat=True))
    assert ended == {supply.pk, grid.pk}
    office(book, "end_date", contract=grid.erp_number, end_date=THEIRS.isoformat())

    polling.follow()

    conflict = SyncConflict.objects.get()
    assert conflict.subject_uuid == grid.uuid
    return supply, grid, conflict


@pytest.mark.covers("N-05", "N-02")
@pytest.mark.parametrize("variant", ["nordlicht"])
@pytest.mark.parametrize("take", [ConflictStatus.OURS, ConflictStatus.THEIRS])
def test_the_decision_about_one_leg_holds_for_it_alone(
    book: SandboxErp, work: Work, supervisor: User, take: str
) -> None:
    supply, grid, conflict = disputed_grid(book, supervisor)

    book.control("faults/clear", {})
    work(lambda: Delivery.objects.filter(state="PARKED").exists())
    settle_conflict(conflict=conflict, take=take, actor=supervisor)
    waiting = Delivery.objects.filter(
        destination__startswith="erp", state__in=["PENDING", "AWAITING"]
    )
    work(lambda: not waiting.exists())
    polling.follow()
    for item in (supply, grid):
        item.refresh_from_db()
    end = OURS if take == ConflictStatus.OURS else THEIRS
    for item, wanted in ((supply, OURS), (grid, end)):
        assert (item.status, item.ends_on) == (ItemStatus.COMPLETED, wanted)
        assert end_in_the_erp(item) == wanted
    assert ContractProcess.objects.get().status == ProcessStatus.CONFIRMED
    assert not Delivery.objects.filter(state="PARKED").exists()


@pytest.mark.covers("N-05", "N-02")
@pytest.mark.parametrize("variant", ["nordlicht"])
def test_their_end_of_one_leg_is_taken_while_the_erp_is_away(
    book: SandboxErp, work: Work, supervisor: User
) -> None:
    supply, grid, conflict = disputed_grid(book, supervisor)

    settle_conflict(conflict=conflict, take=ConflictStatus.THEIRS, actor=supervisor)
    book.control("faults/clear", {})
    work(lambda: ContractProcess.objects.get().status == ProcessStatus.CONFIRMED)

    assert (end_in_the_erp(supply), end_in_the_erp(grid)) == (OURS, THEIRS)
