"""Many looks at one point of delivery at the same moment tell one thing."""

from __future__ import annotations

import pytest

from market.choices import MessageKind
from market.models import RegisterMessage, SupplyPeriod
from market.services.planning import plan_point
from market.services.receiving import collect
from tests.contracts import test_at_once as on_contracts

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
    for house in range(1, 9):
        hub.act("unified", "address", item.pod.external_id, house=str(house))
    hub.act("unified", "claim", item.pod.external_id)
    ended = at_once(*[lambda: str(bool(collect() + 1))] * 6)

    assert ended == {"True": 6}
    assert SupplyPeriod.objects.get().status == "LOST"
    # nobody has taken off what nobody has read
    heard = RegisterMessage.objects.filter(direction="IN")
    assert heard.filter(kind=MessageKind.LOST).count() == 1
    assert heard.filter(kind=MessageKind.PLACE).count() == 8
