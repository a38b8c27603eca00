"""Contracts that run, and processes about them."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.choices import ItemStatus
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes import answering
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from utilcrm import clock

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
