"""Promises: made, kept, broken by the clock, and counted."""

from __future__ import annotations

import datetime as dt

import pytest

from service.choices import PromiseKind, PromiseStatus
from service.models import Promise
from service.queries.promises import kept_rates
from service.services.promising import (
    PromiseSettled,
    PromiseTooLate,
    break_overdue_promises,
    keep_promise,
    make_promise,
    withdraw_promise,
)
from utilcrm import clock

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def promise_one(account, agent):
    """Promise something due in so many hours; a negative number is in the past."""

    def make(hours: float = 24, kind: str = PromiseKind.CALL_BACK) -> Promise:
        promise = make_promise(
            account=account,
            kind=kind,
            text="We call back",
            due_at=clock.now() + 24 * HOUR,
            owner=agent,
            actor=agent,
        )
        Promise.objects.filter(pk=promise.pk).update(due_at=clock.now() + hours * HOUR)
        promise.refresh_from_db()
        return promise

    return make


def test_nothing_is_promised_for_a_moment_that_is_over(account, agent):
    with pytest.raises(PromiseTooLate):
        make_promise(
            account=account, kind="OTHER", text="?", due_at=clock.now(), owner=agent, actor=agent
        )


@pytest.mark.covers("N-07")
def test_the_clock_breaks_what_was_not_kept_once(promise_one, agent):
    late, in_time = promise_one(-1), promise_one(1)

    assert [break_overdue_promises(), break_overdue_promises()] == [1, 0]

    late.refresh_from_db()
    assert late.status == PromiseStatus.BROKEN
    assert keep_promise(promise=late, note="Called", actor=agent).status == PromiseStatus.KEPT_LATE
    assert keep_promise(promise=in_time, note="Called", actor=agent).status == PromiseStatus.KEPT
    with pytest.raises(PromiseSettled):
        keep_promise(promise=in_time, note="Again", actor=agent)


def test_what_is_done_late_is_late_although_the_clock_has_not_looked(promise_one, agent):
    kept = keep_promise(promise=promise_one(-1), note="Called", actor=agent)

    assert kept.status == PromiseStatus.KEPT_LATE


def test_only_what_is_still_in_time_is_taken_back(promise_one, agent):
    withdrawn = withdraw_promise(promise=promise_one(1), note="Settled", actor=agent)
    assert withdrawn.status == PromiseStatus.WITHDRAWN
    with pytest.raises(PromiseSettled, match="not taken back"):
        withdraw_promise(promise=promise_one(-1), note="Never mind", actor=agent)


@pytest.mark.covers("N-07")
def test_the_kept_rate_counts_what_fell_due(promise_one, agent):
    for hours, times in ((2, 3), (-2, 2)):
        for _nth in range(times):
            promise = promise_one(hours)
            keep_promise(promise=promise, note="Done", actor=agent)
            Promise.objects.filter(pk=promise.pk).update(due_at=clock.now() - HOUR)
    promise_one(-3)
    promise_one(-3, kind=PromiseKind.VISIT)
    promise_one(5)
    withdraw_promise(promise=promise_one(6), note="Settled", actor=agent)

    today = clock.today()
    whole, call_backs, visits = kept_rates(agent, first=today - dt.timedelta(days=1), last=today)

    assert (whole.kept, whole.late, whole.broken, whole.due) == (3, 2, 2, 7)
    assert str(whole.percent) == "42.9"
    assert (call_backs.due, visits.due, visits.percent) == (6, 1, 0)


def test_promises_of_another_segment_are_not_counted(promise_one, corporate_manager):
    promise_one(-3)

    (whole,) = kept_rates(corporate_manager, first=clock.today(), last=clock.today())

    assert whole.due == 0
    assert whole.percent is None
