"""Contracts that the ERP has set up, and what is done to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from access.choices import Role
from access.models import User
from accounts.models import Account
from contracts.choices import ProcessKind
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from events.models import Delivery
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed
from tests.billing_sync.variants import is_set_up, legs, new_place, newcomer, sell
from tests.support.erp import SandboxErp
from tests.support.people import make_person
from utilcrm import clock

Work = Callable[..., Any]
CHANGE = "UtilitiesContractERPChangeRequest"
CREATE = "UtilitiesContractERPCreateRequest"


def day(days: int) -> dt.date:
    """Return a day that lies so far ahead, or behind us."""
    return clock.today() + dt.timedelta(days=days)


@pytest.fixture
def supplied(erp: SandboxErp, work: Work, begin_with_both: Callable[..., None]) -> ContractItem:
    """Supply for twelve months that the ERP has set up, since a week; the grid beside it."""
    begin_with_both(
        "supply", lambda: set_up(erp, work, make_person("seller", Role.PHONE_SALES_AGENT))
    )
    return legs(Contract.objects.get())[0]


def set_up(
    erp: SandboxErp,
    work: Work,
    actor: User,
    *,
    n: int = 1,
    account: Account | None = None,
    starts_on: dt.date | None = None,
) -> ContractItem:
    """Sell supply at a new place, and let the ERP set it up."""
    place = new_place(erp, n)
    contract = sell(account or newcomer(), place, actor, starts_on=starts_on or day(-7))
    work(lambda: is_set_up(contract), seconds=60)
    return legs(contract)[0]


def do(kind: str, item: ContractItem, actor: User, **facts: Any) -> ContractProcess:
    """Begin a process about an item's contract, and release it."""
    contract = item.contract
    process = start_process(kind=kind, account=contract.account, contract=contract, actor=actor)
    return release(process=process, facts=facts, version=None, actor=actor)


def terminate(item: ContractItem, actor: User, *, days: int = 20, **facts: Any) -> ContractProcess:
    """Let the customer give notice."""
    facts = {"ends_on": day(days).isoformat(), "reason": "MUTUAL", **facts}
    return do(ProcessKind.TERMINATION_CUSTOMER, item, actor, **facts)


def meters(reading: str, serial: str = "") -> dict[str, Any]:
    """Return what somebody types about a meter that begins: nothing where it is a device."""
    if not typed_meter_data_allowed(current_profile()):
        return {}
    typed: dict[str, Any] = {"readings": {"001": reading}}
    return {"ELECTRICITY": typed | ({"serial": serial, "rate": "SINGLE"} if serial else {})}


def stands(process: ContractProcess) -> str:
    return ContractProcess.objects.values_list("status", flat=True).get(pk=process.pk)


def confirmed(process: ContractProcess) -> bool:
    return stands(process) == "CONFIRMED"


def changes(erp: SandboxErp) -> list[dict[str, Any]]:
    return [entry for entry in erp.ledger() if entry["kind"] == CHANGE]


def told(erp: SandboxErp, since: int = 0) -> list[tuple[str, str, str]]:
    """Return what the ERP was told: kind, our reference, effect, in the order it took them."""
    return [
        (entry["kind"], entry["external_reference"], entry["effect"])
        for entry in erp.ledger()[since:]
    ]


def changed(*items: ContractItem) -> list[tuple[str, str, str]]:
    """Return the ledger of changes of these items, one each."""
    return [(CHANGE, str(item.uuid), "changed") for item in items]


def created(*items: ContractItem) -> list[tuple[str, str, str]]:
    """Return the ledger of new contracts for these items, one each."""
    return [(CREATE, str(item.uuid), "created") for item in items]


def message_about(item: ContractItem) -> dict[str, Any]:
    """Return what the ERP was sent to make an item's contract."""
    sent = Delivery.objects.exclude(state="SUPERSEDED").get(
        destination="erp", kind="contract-create", payload__subject_uuid=str(item.uuid)
    )
    return dict(sent.payload["message"])
