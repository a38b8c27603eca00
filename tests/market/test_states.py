"""The ways that periods, messages and disconnections may go, pair by pair."""

from __future__ import annotations

import itertools

import pytest

from market.choices import (
    DISCONNECTION_TRANSITIONS,
    LIVE_PERIOD,
    MESSAGE_TRANSITIONS,
    PERIOD_TRANSITIONS,
    DisconnectionStatus,
    MessageStatus,
    PeriodStatus,
)
from utilcrm.states import IllegalTransition, check_transition

TABLES = [
    (PERIOD_TRANSITIONS, PeriodStatus),
    (MESSAGE_TRANSITIONS, MessageStatus),
    (DISCONNECTION_TRANSITIONS, DisconnectionStatus),
]


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_pair_is_allowed_or_refused_as_the_table_says(table, states):
    assert set(table) == set(states)
    for old, new in itertools.product(states, states):
        if new in table[old]:
            check_transition(table, old, new)
        else:
            with pytest.raises(IllegalTransition):
                check_transition(table, old, new)


def test_what_is_over_stays_over_and_what_lives_can_go_on():
    over = {state for state, then in PERIOD_TRANSITIONS.items() if not then}

    assert over == set(PeriodStatus) - set(LIVE_PERIOD)
