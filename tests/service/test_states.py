"""The ways that cases and promises may go, pair by pair."""

from __future__ import annotations

import itertools

import pytest

from service.choices import (
    CASE_TRANSITIONS,
    OPEN,
    OWED,
    PROMISE_TRANSITIONS,
    UNANSWERED,
    CaseStatus,
    PromiseStatus,
)
from utilcrm.states import IllegalTransition, check_transition


@pytest.mark.parametrize(
    ("table", "states"), [(CASE_TRANSITIONS, CaseStatus), (PROMISE_TRANSITIONS, PromiseStatus)]
)
def test_every_pair_is_allowed_or_refused_as_the_table_says(table, states):
    assert set(table) == set(states)
    for old, new in itertools.product(states, states):
        if new in table[old]:
            check_transition(table, old, new)
        else:
            with pytest.raises(IllegalTransition):
                check_transition(table, old, new)


def test_whatever_has_no_answer_can_still_get_one():
    assert all(CaseStatus.ANSWERED in CASE_TRANSITIONS[state] for state in UNANSWERED)
    assert set(CaseStatus) - OPEN == {CaseStatus.CLOSED}


def test_what_is_owed_can_still_be_kept():
    kept = {PromiseStatus.KEPT, PromiseStatus.KEPT_LATE}

    assert {state for state in PromiseStatus if PROMISE_TRANSITIONS[state] & kept} == set(OWED)
