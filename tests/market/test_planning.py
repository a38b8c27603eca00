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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.choices import ItemRole, ItemStatus
from contracts.models import ContractItem
from contracts.services.processes.ends import end_due_items
from market.choices import TaskKind
from market.models import MarketEndpoint, MarketTask
from market.services.planning import plan_point
from tenants.choices import ContractModel
from tests.contracts.test_periods import A_LIFE, MOVES, SPRING, TWO_PLACES, Move, moment
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
        """Plan and answer until nothing is left to say; then planning again says nothing."""
        for _round in itertools.count():
            for pod in (*self.world.pods, *self.world.pods):
                plan_point(pod.pk)
            if not self.ledger.answer_all():
                break
            assert _round < 12, "it never ends"
        end_due_items()

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


def play(moves: Iterable[Move], market_of, *, start: dt.datetime) -> None:
    """Let one thing happen after the other, days apart, and look after each."""
    day = start.date()
    with transaction.atomic(), time_machine.travel(start, tick=False) as travelling:
        MarketEndpoint.objects.update(created_at=start - dt.timedelta(days=500))
        market = market_of()
        market.check()
        for kind, which, days, answer, wait in moves:
            market.world.act(kind, which, days, answer)
            market.check()
            day += dt.timedelta(days=wait)
            travelling.move_to(dt.datetime.combine(day, start.timetz()), tick=False)
            end_due_items()
            market.check()
        transaction.set_rollback(True)


@pytest.mark.covers("C-28", "C-31")
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    moves=st.lists(MOVES, min_size=2, max_size=6),
    hour=st.sampled_from([0, 23]),
    model=st.sampled_from(ContractModel.values),
)
def test_whatever_happens_the_register_was_told_the_union_of_supply_periods(
    account, agent, switch, endpoint, moves, hour, model
):
    switch(contract_model=model)
    with timezone.override(ZONE):
        play(moves, lambda: Market(account, agent), start=moment(SPRING, hour, ZONE))


@pytest.mark.covers("C-28")
@pytest.mark.parametrize("moves", [A_LIFE, TWO_PLACES])
def test_a_whole_life_is_told_and_a_second_look_tells_nothing_more(
    account, agent, switch, endpoint, moves
):
    switch(contract_model=ContractModel.DUAL)
    with timezone.override(ZONE):
        play(moves, lambda: Market(account, agent), start=moment(SPRING, 23, ZONE))
