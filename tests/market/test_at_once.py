"""Many looks at one point of delivery at the same moment tell one thing."""

from __future__ import annotations

import threading

import pytest

from market.choices import MessageKind
from market.models import RegisterMessage, SupplyPeriod
from market.services.planning import plan_point
from market.services.receiving import collect
from tests.contracts import test_at_once as on_contracts
from utilcrm.db.locks import only_one

at_once = on_contracts.at_once


@pytest.mark.covers("C-28")
def test_six_looks_at_once_are_one_claim_and_six_readers_take_one_answer(
    real_commits, hub, sell, work, at_once
):
    item = sell(days=-10)

    def look() -> None:
        plan_point(item.pod_id)

    assert at_once(*[look] * 6) == {"done": 6}
    assert RegisterMessage.objects.get().kind == MessageKind.CLAIM

    work()
    hub.act("unified", "claim", item.pod.external_id)
    ended = at_once(*[lambda: str(bool(collect() + 1))] * 6)

    assert ended == {"True": 6}
    assert SupplyPeriod.objects.get().status == "LOST"
    assert RegisterMessage.objects.filter(kind=MessageKind.LOST).count() == 1


def test_whoever_finds_another_reader_at_the_queue_goes_home(real_commits, hub, sell, at_once):
    """Two could commit "the first" after each other, and the second nobody has read."""
    hub.act("unified", "address", sell(days=-10).pod.external_id, house="9")
    is_held, has_come_by = threading.Event(), threading.Event()

    def read_for_long() -> str:
        with only_one("market", "collect") as is_ours:
            is_held.set()
            has_come_by.wait(10)
        return f"first: {is_ours}"

    def come_by() -> str:
        is_held.wait(10)
        taken = collect()
        has_come_by.set()
        return f"second: {taken}"

    assert at_once(read_for_long, come_by) == {"first: True": 1, "second: 0": 1}
    assert collect() == 1
