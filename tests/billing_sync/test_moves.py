"""Transfers and withdrawals on their way to the ERP, and what it says ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.dry_run import ask_ahead
from contracts.services.processes.releasing import release, retry
from contracts.services.processes.undoing import undo
from premises.models import PointOfDelivery
from tests.billing_sync.lives import CHANGE, Work, changes, stands, supplied
from tests.billing_sync.test_sending import sign, signed_item, status_of
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from tests.support.erp import SandboxErp
from utilcrm import clock

__all__ = ["supplied"]


def transfer_facts(item: ContractItem, pod: PointOfDelivery, *, days: int = 5) -> dict[str, Any]:
    """Return what somebody types who transfers a customer."""
    return {
        "new_premise": str(pod.premise.uuid),
        "moved_on": (clock.today() + dt.timedelta(days=days)).isoformat(),
        "contracts": [str(item.contract.uuid)],
        "reading_mode": "READ",
        "readings": {str(item.uuid): {"001": "1300"}},
        "meters": {"ELECTRICITY": {"serial": "21Z9", "rate": "SINGLE", "readings": {"001": "7"}}},
        "has_consented": True,
        "forwarding_address": {
            "street": "Mill Lane",
            "house_number": "2",
            "postcode": "LS1 4AP",
            "town": "Leeds",
            "country": "GB",
        },
        "payment_method": "TRANSFER",
    }


def move(item: ContractItem, actor, *, days: int = 5) -> ContractProcess:
    """Release a transfer to a place that the ERP does not know yet."""
    pod = PointOfDeliveryFactory(external_id=make_mpan(7_900_001))
    process = start_process(
        kind=ProcessKind.TRANSFER,
        account=item.contract.account,
        contract=item.contract,
        actor=actor,
    )
    facts = transfer_facts(item, pod, days=days)
    return release(process=process, facts=facts, version=None, actor=actor)


@pytest.mark.covers("B-17b", "A-01")
def test_a_transfer_ends_the_old_before_it_begins_the_new_each_once(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "commit_then_drop", "every": 2})
    before = len(erp.ledger())
    process = move(supplied, agent)

    work(lambda: stands(process) == ProcessStatus.CONFIRMED, seconds=60)

    new = ContractItem.objects.exclude(pk=supplied.pk).get()
    supplied.refresh_from_db()
    assert (new.status, supplied.ends_on) == (ItemStatus.COMPLETED, new.starts_on)
    told = erp.ledger()[before:]
    made = [e["kind"] for e in told if e["effect"] in {"created", "changed"}]
    assert sorted(made) == sorted(
        [
            "ConnectionObjectERPCreateRequest",
            "PointOfDeliveryERPCreateRequest",
            CHANGE,
            "UtilitiesContractERPCreateRequest",
        ]
    )
    assert made.index(CHANGE) < made.index("UtilitiesContractERPCreateRequest")


def test_what_a_refused_transfer_was_to_begin_never_reaches_the_erp(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent
) -> None:
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    process = move(supplied, agent)
    work(lambda: stands(process) == ProcessStatus.REJECTED)
    retry(process=process, actor=agent)

    work(lambda: stands(process) == ProcessStatus.CONFIRMED, seconds=40)

    created = [e for e in erp.ledger() if e["kind"] == "UtilitiesContractERPCreateRequest"]
    assert [entry["effect"] for entry in created] == ["created", "created"]
    live = ContractItem.objects.exclude(status=ItemStatus.CANCELLED)
    assert live.count() == 2


@pytest.mark.covers("C-15")
def test_a_contract_withdrawn_before_it_left_never_reaches_the_erp(
    erp: SandboxErp, work: Work, agent
) -> None:
    item = signed_item(starts_on=clock.today() + dt.timedelta(days=9))
    erp.control("faults", {"kind": "http_503_html", "operation": "BusinessPartnerERPCreateRequest"})
    sign(item)
    work(lambda: status_of(item) == ItemStatus.QUEUED)
    process = withdraw(item, agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)

    item.refresh_from_db()
    item.contract.refresh_from_db()
    assert (item.status, item.contract.status) == (ItemStatus.CANCELLED, "CANCELLED")
    assert "CONTRACT" not in [entry["object_type"] for entry in erp.ledger()]


@pytest.mark.covers("C-15")
def test_a_withdrawal_is_replicated_and_undone(erp: SandboxErp, work: Work, agent) -> None:
    item = signed_item(starts_on=clock.today() + dt.timedelta(days=9))
    sign(item)
    work(lambda: status_of(item) == ItemStatus.COMPLETED)
    process = withdraw(item, agent)
    work(lambda: stands(process) == ProcessStatus.CONFIRMED)
    item.refresh_from_db()
    assert item.ends_on == item.starts_on

    process.refresh_from_db()
    back = undo(process=process, note="a slip", actor=agent)
    work(lambda: stands(back) == ProcessStatus.CONFIRMED)

    item.refresh_from_db()
    assert (item.status, item.ends_on) == (ItemStatus.COMPLETED, None)
    assert [entry["effect"] for entry in changes(erp)] == ["changed", "changed"]


def withdraw(item: ContractItem, actor) -> ContractProcess:
    contract = Contract.objects.get(pk=item.contract_id)
    process = start_process(
        kind=ProcessKind.WITHDRAWAL, account=contract.account, contract=contract, actor=actor
    )
    facts = {"declared_on": clock.today().isoformat()}
    return release(process=process, facts=facts, version=None, actor=actor)


@pytest.mark.covers("N-02")
def test_the_erp_says_before_the_release_what_it_would_refuse(
    supplied: ContractItem, erp: SandboxErp, work: Work, agent, settings
) -> None:
    settings.PREFLIGHT_PROVIDER = "billing_sync.services.preflight.check"
    supplied.product.master_data_template = "MDT-NOWHERE"
    supplied.product.save()
    process = start_process(
        kind=ProcessKind.TRANSFER,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    pod = PointOfDeliveryFactory(external_id=make_mpan(7_900_002))
    process.refresh_from_db()

    found = ask_ahead(process, transfer_facts(supplied, pod))

    assert ("MDT_UNKNOWN", "ERP") in [(one.code, one.source) for one in found if one.is_blocking]
    assert not changes(erp)
