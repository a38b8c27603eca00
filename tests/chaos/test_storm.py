"""Whatever dies, each change of a customer reaches the ERP once, in its order, and no other."""

from __future__ import annotations

import pytest

from tests.chaos.outage import Outage
from tests.chaos.storm import Storm
from tests.chaos.world import World


@pytest.mark.covers("C-18")
def test_a_short_storm_loses_doubles_and_disorders_nothing(world: World) -> None:
    world.erp.post("faults", [{"kind": "commit_then_drop", "probability": 0.1}])

    verdict = Storm(messages=40, kills=4, rate=20).rage(world)

    assert verdict.is_clean, verdict.whole()
    assert verdict.told >= 40


@pytest.mark.chaos
@pytest.mark.covers("C-18")
def test_a_long_storm_loses_doubles_and_disorders_nothing(
    world: World, pytestconfig: pytest.Config
) -> None:
    world.erp.post("faults", [{"kind": "commit_then_drop", "probability": 0.1}])
    size = Storm(
        messages=pytestconfig.getoption("storm_messages"),
        kills=pytestconfig.getoption("storm_kills"),
    )

    verdict = size.rage(world)

    print(f"\n{verdict}")
    assert verdict.is_clean, verdict.whole()


@pytest.mark.chaos
@pytest.mark.covers("C-18")
def test_an_erp_that_does_not_know_its_own_messages_gets_each_once_all_the_same(
    world: World, pytestconfig: pytest.Config
) -> None:
    world.erp.post(
        "faults", [{"kind": "no_dedupe"}, {"kind": "commit_then_drop", "probability": 0.1}]
    )
    size = Storm(
        messages=pytestconfig.getoption("storm_messages") // 5,
        kills=pytestconfig.getoption("storm_kills") // 5,
        patience=600,
    )

    verdict = size.rage(world)

    print(f"\n{verdict}")
    assert verdict.is_clean, verdict.whole()


@pytest.mark.chaos
@pytest.mark.covers("C-18")
def test_after_an_outage_everything_drains_in_order_at_the_agreed_rate_but_the_poison(
    world: World, pytestconfig: pytest.Config
) -> None:
    outage = Outage(messages=pytestconfig.getoption("outage_messages"), poison=20, rate=30)

    found = outage.run(world)

    print(f"\n{found}")
    assert found.poisoned_told == 0
    assert found.lost == found.duplicated == found.disordered == []
    assert found.most_in_a_second <= outage.rate * 1.05 + 1
    assert found.parked == 20
    assert found.slowest_page_ms <= 2 * found.slowest_page_before_ms + 250
