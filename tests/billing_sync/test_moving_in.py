"""A new customer where somebody left: what the ERP is told, in which order, and only once."""

from __future__ import annotations

from typing import Any

import pytest

from access.models import User
from accounts.models import Account
from contracts.choices import ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.moving_in import draw_up_offer
from contracts.services.processes.releasing import release
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import roles_of, typed_meter_data_allowed
from tests.billing_sync.lives import (
    Work,
    confirmed,
    created,
    day,
    do,
    legs,
    message_about,
    stands,
    supplied,
    told,
)
from tests.billing_sync.variants import agree, every_variant, fill_in, newcomer, sign
from tests.contracts.lives import BILL
from tests.support.erp import SandboxErp

__all__ = ["supplied"]


def where(account: Account, pod: PointOfDelivery, *, days: int = 0) -> dict[str, Any]:
    """Return what somebody types of the place, the day and the payment."""
    return {
        "new_premise": str(pod.premise.uuid),
        "pods": [str(pod.uuid)],
        "starts_on": day(days).isoformat(),
        "agreement": str(account.agreements.get().uuid),
    }


def begin(account: Account, actor: User) -> ContractProcess:
    return start_process(kind=ProcessKind.MOVE_IN, account=account, actor=actor)


def move_in(
    account: Account, pod: PointOfDelivery, actor: User
) -> tuple[ContractProcess, Contract]:
    """Walk the whole move-in; the customer has accepted, and not signed yet."""
    process, facts = begin(account, actor), where(account, pod)
    quotation = draw_up_offer(process=process, facts=facts, actor=actor)
    fill_in(quotation, actor, reading="1300")
    contract = agree(quotation, actor)
    release(process=process, facts=facts, version=None, actor=actor)
    return process, contract


def left(item: ContractItem, work: Work, actor: User) -> ContractItem:
    """Return a supply whose customer has moved out today."""
    process = do(ProcessKind.MOVE_OUT, item, actor, moved_on=day(0).isoformat(), **BILL)
    work(lambda: confirmed(process), seconds=60)
    return item


@every_variant
@pytest.mark.covers("B-17a", "A-01", "A-02", "A-10", "A-11")
def test_who_moves_in_after_somebody_has_left_is_in_the_erp_once(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    former = left(supplied, work, agent)
    account, before = newcomer(), len(erp.ledger())
    erp.control("faults", {"kind": "commit_then_drop", "every": 2})

    process, contract = move_in(account, former.pod, agent)
    assert stands(process) == ProcessStatus.RELEASED
    sign(contract)
    work(lambda: confirmed(process), seconds=60)

    items = legs(contract)
    assert tuple(item.role for item in items) == roles_of(current_profile())
    assert {item.status for item in items} == {ItemStatus.COMPLETED}
    assert told(erp, before) == [
        ("BusinessPartnerERPCreateRequest", str(account.uuid), "created"),
        ("ContractAccountERPCreateRequest", str(account.agreements.get().uuid), "created"),
        *created(*items),
    ]
    check_messages(items, former)
    former.refresh_from_db()
    assert (former.status, former.ends_on) == (ItemStatus.ENDED, items[0].starts_on)


def check_messages(items: list[ContractItem], former: ContractItem) -> None:
    """See that technical data go up only where they are typed, and with the supply alone."""
    supply, *grid = items
    typed = typed_meter_data_allowed(current_profile())
    sent = message_about(supply)
    assert ("Device" in sent, sent["MoveInIndicator"]) == (typed, True)
    # the ERP knew the place by its predecessor, or told us of it
    assert sent["PointOfDelivery"]["InternalID"] == former.pod.erp_number
    for item in grid:
        beside = message_about(item)
        assert "Device" not in beside
        assert beside["SupplyContract"]["ExternalReference"] == str(supply.uuid)
    if not typed:
        assert not supply.pod.device_info_records.exists()
