"""Transfers and withdrawals on their way to the ERP, and what it says ahead."""

from __future__ import annotations

from typing import Any

import pytest

from access.models import User
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.dry_run import ask_ahead
from contracts.services.processes.releasing import retry
from contracts.services.processes.undoing import undo
from events.models import Delivery, Lane
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import devices_are_installed
from tests.billing_sync.lives import (
    CREATE,
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
    set_up,
    stands,
    supplied,
    told,
)
from tests.billing_sync.variants import (
    both_models,
    every_variant,
    new_place,
    newcomer,
    sell,
)
from tests.contracts.lives import BILL
from tests.support.erp import SandboxErp

__all__ = ["supplied"]


def transfer_facts(item: ContractItem, pod: PointOfDelivery, *, days: int = 5) -> dict[str, Any]:
    """Return what somebody types who transfers a customer."""
    return {
        "new_premise": str(pod.premise.uuid),
        "moved_on": day(days).isoformat(),
        "contracts": [str(item.contract.uuid)],
        "reading_mode": "READ",
        "readings": {str(item.uuid): {"001": "1300"}},
        "meters": meters("7", serial="21Z9"),
        "has_consented": True,
        **BILL,
    }


def move(item: ContractItem, pod: PointOfDelivery, actor: User) -> ContractProcess:
    """Release a transfer to another place."""
    return do(ProcessKind.TRANSFER, item, actor, **transfer_facts(item, pod))


@every_variant
@pytest.mark.covers("B-17b", "A-01", "A-11")
def test_a_transfer_ends_the_old_before_it_begins_the_new_each_once(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    old, pod = legs(supplied.contract), new_place(erp, 2)
    erp.control("faults", {"kind": "commit_then_drop", "every": 2})
    before = len(erp.ledger())
    process = move(supplied, pod, agent)

    work(lambda: confirmed(process), seconds=60)

    new = legs(Contract.objects.exclude(pk=supplied.contract_id).get())
    assert [item.role for item in new] == [item.role for item in old]
    assert {item.status for item in new} == {ItemStatus.COMPLETED}
    for item in old:
        item.refresh_from_db()
        assert item.ends_on == new[0].starts_on
    entries = told(erp, before)
    place = [
        ("ConnectionObjectERPCreateRequest", str(pod.premise.connection_object.uuid), "created"),
        ("PointOfDeliveryERPCreateRequest", str(pod.uuid), "created"),
    ]
    if devices_are_installed(current_profile()):
        assert entries == [*changed(*old), *created(*new)]
    else:
        assert sorted(entries) == sorted([*place, *changed(*old), *created(*new)])
        assert [one for one in entries if one not in place] == [*changed(*old), *created(*new)]
    check_legs(new)


def check_legs(new: list[ContractItem]) -> None:
    """See that the meter goes with the supply, and the grid with the supply at its own place."""
    supply, *grid = new
    assert ("Device" in message_about(supply)) != devices_are_installed(current_profile())
    for item in grid:
        assert item.supply_item == supply
        sent = message_about(item)
        assert sent["SupplyContract"]["ExternalReference"] == str(supply.uuid)
        assert ("Device" in sent, sent["ProductCode"]) == (False, item.grid_tariff.code)


@both_models
def test_what_a_refused_transfer_was_to_begin_never_reaches_the_erp(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    old, pod = legs(supplied.contract), new_place(erp, 2)
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    before = len(erp.ledger())
    process = move(supplied, pod, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)
    retry(process=process, actor=agent)

    work(lambda: confirmed(process), seconds=60)

    new = ContractItem.objects.filter(pod=pod).exclude(status=ItemStatus.CANCELLED)
    assert [e for e in told(erp, before) if e[0] == CREATE] == created(*new.order_by("position"))
    assert len(new) == len(old)


@both_models
@pytest.mark.covers("C-15")
def test_a_contract_withdrawn_before_it_left_never_reaches_the_erp(
    erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    erp.control("faults", {"kind": "http_503_html", "operation": "BusinessPartnerERPCreateRequest"})
    contract = sell(newcomer(), new_place(erp), agent, starts_on=day(9))
    work(lambda: set(contract.items.values_list("status", flat=True)) == {ItemStatus.QUEUED})
    process = withdraw(contract, agent)
    work(lambda: confirmed(process))

    contract.refresh_from_db()
    assert contract.status == "CANCELLED"
    assert set(contract.items.values_list("status", flat=True)) == {ItemStatus.CANCELLED}
    assert CREATE not in [entry["kind"] for entry in erp.ledger()]


@pytest.mark.covers("C-15")
def test_a_contract_is_not_taken_for_unsent_while_nobody_knows_whether_it_was_taken(
    erp: SandboxErp, work: Work, agent: User
) -> None:
    """The ERP has it, its answer was lost, and then the ERP is away: it has to end it."""
    contract = sell(newcomer(), new_place(erp), agent, starts_on=day(9))
    erp.control(
        "faults",
        [
            {"kind": "commit_then_drop", "operation": CREATE, "times": 1},
            {"kind": "late_confirmation", "operation": CREATE, "times": 1, "seconds": 90},
            {"kind": "http_503_html", "operation": "BusinessDocumentStatusERPByUUIDQuery"},
        ],
    )
    work(lambda: Lane.objects.filter(ordering_key=f"contract:{contract.uuid}", unknown=True))
    process = withdraw(contract, agent)
    work(lambda: not Delivery.objects.filter(destination="erp-planning", state="PENDING").exists())
    assert not confirmed(process)

    erp.control("faults/clear", {})
    work(lambda: confirmed(process), seconds=60)

    [item] = contract.items.all()
    assert (item.ends_on, item.status) == (item.starts_on, ItemStatus.COMPLETED)
    assert told(erp)[-2:] == [*created(item), *changed(item)]


@both_models
@pytest.mark.covers("C-15")
def test_a_withdrawal_is_replicated_and_undone(
    erp: SandboxErp, work: Work, agent: User, variant: str
) -> None:
    item = set_up(erp, work, agent, starts_on=day(9))
    items, before = legs(item.contract), len(erp.ledger())
    process = withdraw(item.contract, agent)
    work(lambda: confirmed(process))
    assert {one.ends_on for one in item.contract.items.all()} == {item.starts_on}

    process.refresh_from_db()
    back = undo(process=process, note="a slip", actor=agent)
    work(lambda: confirmed(back))

    assert legs(item.contract) == items
    assert {one.status for one in legs(item.contract)} == {ItemStatus.COMPLETED}
    assert told(erp, before) == [*changed(*items), *changed(*items)]


def withdraw(contract: Contract, actor: User) -> ContractProcess:
    item = contract.items.select_related("contract__account").order_by("pk")[0]
    return do(ProcessKind.WITHDRAWAL, item, actor, declared_on=day(0).isoformat())


@pytest.mark.covers("N-02")
def test_the_erp_says_before_the_release_what_it_would_refuse(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent, settings
) -> None:
    settings.PREFLIGHT_PROVIDERS = ["billing_sync.services.preflight.check"]
    supplied.product.master_data_template = "MDT-NOWHERE"
    supplied.product.save()
    process = start_process(
        kind=ProcessKind.TRANSFER,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    pod = new_place(erp, 2)
    process.refresh_from_db()

    found = ask_ahead(process, transfer_facts(supplied, pod))

    assert ("MDT_UNKNOWN", "ERP") in [(one.code, one.source) for one in found if one.is_blocking]
    assert not changes(erp)
