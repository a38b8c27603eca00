"""Contracts that the ERP has set up, and what is done to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from contracts.choices import ItemStatus, ProcessKind
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import release
from tests.billing_sync.test_sending import sign, signed_item, status_of
from tests.support.erp import SandboxErp
from utilcrm import clock

Work = Callable[..., Any]
CHANGE = "UtilitiesContractERPChangeRequest"


@pytest.fixture
def supplied(erp: SandboxErp, work: Work) -> ContractItem:
    """Supply that the ERP has set up, since a week."""
    item = signed_item(starts_on=clock.today() - dt.timedelta(days=7))
    sign(item)
    work(lambda: status_of(item) == ItemStatus.COMPLETED)
    item.refresh_from_db()
    item.contract.refresh_from_db()
    return item


def terminate(item: ContractItem, actor, *, days: int = 20) -> ContractProcess:
    process = start_process(
        kind=ProcessKind.TERMINATION_CUSTOMER,
        account=item.contract.account,
        contract=item.contract,
        actor=actor,
    )
    day = clock.today() + dt.timedelta(days=days)
    facts = {"ends_on": day.isoformat(), "reason": "MUTUAL"}
    return release(process=process, facts=facts, version=None, actor=actor)


def stands(process: ContractProcess) -> str:
    return ContractProcess.objects.values_list("status", flat=True).get(pk=process.pk)


def changes(erp: SandboxErp) -> list[dict[str, Any]]:
    return [entry for entry in erp.ledger() if entry["kind"] == CHANGE]
