"""The ERP tells everything three times, in any order, to twenty of our doors at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from contracts.choices import StepCode
from contracts.models import ContractItem
from events.models import InboxMessage
from tenants.models import Tenant
from tests.billing_sync.test_inbound import post, step
from tests.factories.contracts import QueuedItemFactory
from tests.support.people import TenantClient

AT_ONCE = 20
STEPS = list(StepCode)


def told(item: ContractItem, *, fails: bool) -> list[str]:
    """Every word of the ERP on one contract: begun, done; or, at the fourth step, broken off."""
    words = []
    for place, code in enumerate(STEPS):
        breaks_off = fails and place == 3
        status = "FAILED" if breaks_off else "SUCCEEDED"
        is_last = place == len(STEPS) - 1
        overall = "COMPLETED" if is_last else "FAILED" if breaks_off else "IN_PROCESS"
        words.append(step(item, place + 1, code, status, overall=overall, number=f"6{item.pk:09d}"))
        if breaks_off:
            break
    return words


def standing(item: ContractItem) -> tuple[Any, ...]:
    item.refresh_from_db()
    steps = item.steps.order_by("position").values_list("code", "position", "status")
    return item.status, bool(item.erp_number), item.failure_code, list(steps)


@pytest.mark.covers("C-18")
@pytest.mark.parametrize(
    "contracts", [6, pytest.param(160, marks=pytest.mark.chaos)], ids=["short", "1,000 events"]
)
def test_the_end_is_the_same_as_if_each_word_came_once_and_in_order(
    real_commits, erp_client: Any, tenant: Tenant, contracts: int
) -> None:
    ordered = [QueuedItemFactory() for _n in range(2)]
    for number, item in enumerate(ordered):
        for word in told(item, fails=bool(number)):
            assert post(erp_client, word).status_code == 202
    expected = [standing(item) for item in ordered]
    items = [QueuedItemFactory() for _n in range(contracts)]
    words = [
        word for number, item in enumerate(items) for word in told(item, fails=number % 2 == 1)
    ]
    storm = words * 3
    random.Random(3).shuffle(storm)

    def take(word: str) -> int:
        connection.set_tenant(tenant)
        try:
            return int(post(TenantClient(tenant), word).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as doors:
        answers = list(doors.map(take, storm))

    assert set(answers) == {202}
    assert InboxMessage.objects.count() == len(words) + 7 + 4
    for number, item in enumerate(items):
        assert standing(item) == expected[number % 2], number
