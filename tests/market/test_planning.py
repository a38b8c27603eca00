"""
Whatever happens to contracts: what the register was told is what they say.

The sequences are those of `tests.contracts.test_periods`, in both contract models.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.choices import ItemRole, ItemStatus
from contracts.models import ContractItem
from contracts.services.processes.ends import end_due_items
from market.choices import TaskKind
from market.models import MarketEndpoint, MarketTask
from market.services.planning import plan_point
from tenants.choices import ContractModel
from tests.contracts.test_periods import A_LIFE, AUTUMN, MOVES, SPRING, TWO_PLACES, Move, moment
from tests.contracts.world import World
from tests.market.ledger import Ledger, joined, whose

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")


class Market:
    """A world, and the register that is told of it."""

    def __init__(self, account, agent) -> None:
        self.world = World(account, agent)
        self.ledger = Ledger()

    def settle(self) -> None:
        """Plan and answer until nothing is left to say."""
        left = {pod.pk for pod in self.world.pods}
        for _round in itertools.count():
            for pod_id in left:
                plan_point(pod_id)
            left = self.ledger.answer_all()
            if not left:
                break
            assert _round < 12, "it never ends"

    def check(self) -> None:
        """What was told is the union of the periods of supply; what cannot be is a task."""
        self.settle()
        if MarketTask.objects.filter(kind=TaskKind.DIFFERS).exists():
            return
        assert self.ledger.days() == self.supplied()

    def supplied(self) -> list[tuple[str, dt.date, dt.date]]:
        """Return who is supplied when, counted from the contracts by themselves."""
        rows = ContractItem.objects.filter(
            role=ItemRole.SUPPLY,
            status__in=[ItemStatus.COMPLETED, ItemStatus.ENDED],
        ).select_related("contract__account")
        days = [
            (
                whose(row.pod.external_id, row.contract.account.name),
                row.starts_on,
                row.ends_on or dt.date.max,
            )
            for row in rows.select_related("pod")
        ]
        return joined([one for one in days if one[1] < one[2]])


def play(moves: Iterable[Move], market_of, *, start: dt.datetime) -> list[bool]:
    """Let one thing happen after the other, days apart, and look after each; return what could."""
    day, happened = start.date(), []
    with transaction.atomic(), time_machine.travel(start, tick=False) as travelling:
        MarketEndpoint.objects.update(created_at=start - dt.timedelta(days=500))
        market = market_of()
        market.check()
        for kind, which, days, answer, wait in moves:
            happened.append(market.world.act(kind, which, days, answer))
            end_due_items()
            market.world.check()
            market.check()
            if not wait:
                continue
            day += dt.timedelta(days=wait)
            travelling.move_to(dt.datetime.combine(day, start.timetz()), tick=False)
            end_due_items()
            market.world.check()
            market.check()
        said = len(market.ledger.messages)
        market.check()
        assert len(market.ledger.messages) == said, "a second look tells nothing more"
        transaction.set_rollback(True)
    return happened


@pytest.mark.covers("C-28", "C-31")
@pytest.mark.parametrize("examples", [3, pytest.param(200, marks=pytest.mark.chaos)])
def test_whatever_happens_the_register_was_told_the_union_of_supply_periods(
    account, agent, switch, endpoint, examples
):
    @settings(max_examples=examples, deadline=None)
    @given(
        moves=st.lists(MOVES, min_size=2, max_size=6),
        hour=st.sampled_from([0, 23]),
        model=st.sampled_from(ContractModel.values),
    )
    def plays(moves, hour, model):
        switch(contract_model=model)
        play(moves, lambda: Market(account, agent), start=moment(SPRING, hour, ZONE))

    with timezone.override(ZONE):
        plays()


@pytest.mark.covers("C-28", "B-17a", "B-17b", "B-17c", "C-03", "C-15")
@pytest.mark.parametrize(
    ("moves", "model", "turn", "hour"),
    [
        (A_LIFE, ContractModel.DUAL, SPRING, 23),
        (TWO_PLACES, ContractModel.SINGLE, AUTUMN, 0),
        pytest.param(A_LIFE, ContractModel.SINGLE, AUTUMN, 0, marks=pytest.mark.chaos),
        pytest.param(TWO_PLACES, ContractModel.DUAL, SPRING, 23, marks=pytest.mark.chaos),
    ],
)
def test_a_whole_life_is_released_and_told_and_a_second_look_tells_nothing_more(
    account, agent, switch, endpoint, moves, model, turn, hour
):
    switch(contract_model=model)
    with timezone.override(ZONE):
        happened = play(moves, lambda: Market(account, agent), start=moment(turn, hour, ZONE))

    assert [move for move, could in zip(moves, happened, strict=True) if not could] == []
