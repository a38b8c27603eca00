"""
No sequence of processes leaves two contracts, or none where there should be one, at a place.

Days are the tenant's local days. Each example plays out around a change of the clocks, in a time
zone west and one east of UTC, so that a day taken from a moment in UTC would be a day off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.services.processes.ends import end_due_items
from tenants.choices import ContractModel
from tests.contracts.world import World
from utilcrm import clock

pytestmark = pytest.mark.django_db

Move = tuple[str, int, int, str, int]
"""Kind, about which contract, so many days from now, the answer, days until the next one."""

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
ACTS = (
    "TERMINATION_CUSTOMER",
    "END_OF_SUPPLY",
    "MOVE_OUT",
    "MOVE_IN",
    "TRANSFER",
    "PRODUCT_CHANGE",
    "REACTIVATION",
    "WITHDRAWAL",
    "JOIN",
    "SPLIT",
    "UNDO",
)
MOVES = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 3),
    st.integers(-5, 12),
    st.sampled_from(("confirm", "reject-retry", "reject-give-up")),
    st.integers(0, 6),
)
A_LIFE = [
    ("PRODUCT_CHANGE", 0, 1, "reject-give-up", 0),
    ("PRODUCT_CHANGE", 0, 0, "reject-retry", 1),
    ("MOVE_OUT", 0, 1, "confirm", 2),
    ("UNDO", 1, 0, "confirm", 1),
    ("MOVE_OUT", 0, 0, "confirm", 0),
    ("REACTIVATION", 0, 0, "confirm", 0),
    ("TRANSFER", 0, 3, "reject-retry", 3),
    ("MOVE_IN", 1, 0, "confirm", 1),
]
"""
Everything that may be, in an order in which nothing of it is refused.

It is played in `tests.market.test_planning`, where the register looks on.
"""

TWO_PLACES = [
    ("MOVE_IN", 2, 0, "confirm", 0),
    ("JOIN", 0, 2, "reject-retry", 3),
    ("SPLIT", 0, 1, "reject-give-up", 0),
    ("SPLIT", 0, 1, "confirm", 2),
    ("END_OF_SUPPLY", 0, 0, "confirm", 0),
    ("REACTIVATION", 0, 0, "confirm", 2),
]


def play(moves: Iterable[Move], world_of: Callable[[], World], *, start: dt.datetime) -> None:
    """Try one process after the other, days apart, and look after each."""
    day = start.date()
    with transaction.atomic(), time_machine.travel(start, tick=False) as travelling:
        world = world_of()
        for kind, which, days, answer, wait in moves:
            assert clock.today() == day
            world.act(kind, which, days, answer)
            end_due_items()
            world.check()
            if not wait:
                continue
            day += dt.timedelta(days=wait)
            travelling.move_to(dt.datetime.combine(day, start.timetz()), tick=False)
            end_due_items()
            world.check()
        transaction.set_rollback(True)


def moment(turn: dt.date, hour: int, zone: ZoneInfo) -> dt.datetime:
    """Return a local time of day some days before a change of the clocks."""
    day = turn - dt.timedelta(days=6)
    return dt.datetime.combine(day, dt.time(hour, 30), tzinfo=zone)


@pytest.mark.covers("B-17b", "C-15")
@pytest.mark.parametrize("examples", [6, pytest.param(400, marks=pytest.mark.chaos)])
def test_no_sequence_of_processes_leaves_an_overlap_or_a_gap(account, agent, switch, examples):
    @settings(max_examples=examples, deadline=None)
    @given(
        moves=st.lists(MOVES, min_size=2, max_size=6),
        turn=st.sampled_from([SPRING, AUTUMN]),
        zone=st.sampled_from(["Europe/Berlin", "America/Los_Angeles"]),
        hour=st.sampled_from([0, 1, 3, 22, 23]),
        model=st.sampled_from(ContractModel.values),
    )
    def plays(moves, turn, zone, hour, model):
        switch(contract_model=model)
        local = ZoneInfo(zone)
        with timezone.override(local):
            play(moves, lambda: World(account, agent), start=moment(turn, hour, local))

    plays()
