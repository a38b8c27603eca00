"""What may have been applied is asked about before anything else happens to it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from events.choices import CircuitState, DeliveryState, LaneState
from events.models import Attempt, Circuit, Delivery, Lane
from events.services import circuit, claiming, mending
from events.services.draining import drain
from events.services.handling import NotApplied, Unknown
from events.services.outbox import enqueue
from events.services.routing import destination_named
from tests.events import storm
from tests.events.wiring import Ledger

pytestmark = pytest.mark.django_db

KEYS, EACH = ("k:1", "k:2"), 3
WEATHER = (
    "fair",
    "away",
    "later",
    "lost on the way there",
    "lost on the way back",
    "our own fault",
)
START = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


def put(key: str, n: int = 0) -> Delivery:
    with transaction.atomic():
        return enqueue(destination="far", ordering_key=key, kind="test", payload={"n": n})


def head_of(lane: Lane) -> Delivery | None:
    return (
        Delivery.objects.filter(ordering_key=lane.ordering_key, seq=lane.done_seq + 1)
        .exclude(state=DeliveryState.SUPERSEDED)
        .first()
    )


def check_lanes() -> None:
    """Nothing behind a message in doubt is tried, and the lane knows of the doubt."""
    for lane in Lane.objects.all():
        head = head_of(lane)
        if head is not None and head.uuid in storm.STORM.doubtful:
            assert lane.unknown, "a doubt was forgotten"
        behind = Delivery.objects.filter(ordering_key=lane.ordering_key, seq__gt=lane.done_seq + 1)
        assert not Attempt.objects.filter(delivery__in=behind).exists()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(weather=st.lists(st.sampled_from(WEATHER), max_size=30), down=st.sets(st.integers(0, 60)))
@example(weather=storm.long_and_bad(), down=set(range(5, 15)))
@example(weather=["away"] * 8 + ["our own fault"] + ["away"] * 9, down=set())
def test_no_storm_makes_a_message_arrive_twice_or_a_lane_go_on_past_a_doubt(
    settings, clerk, weather: list[str], down: set[int]
) -> None:
    settings.EVENT_ROUTES = "tests.events.storm"
    with transaction.atomic(), time_machine.travel(START, tick=False) as travelling:
        far = storm.STORM = storm.Storm(iter(weather))
        wanted = [(key, n) for key in KEYS for n in range(EACH)]
        for key, n in wanted:
            put(key, n)
        for turn in range(400):
            far.is_up = turn not in down
            drain("far")
            check_lanes()
            for stopped in Delivery.objects.filter(state=DeliveryState.PARKED):
                mending.retry(delivery=stopped, actor=clerk, reason="looked at")
            if not Lane.objects.exclude(state=LaneState.IDLE).exists():
                break
            travelling.shift(dt.timedelta(seconds=7))

        assert not far.sent_in_doubt
        assert sorted(far.contents) == wanted
        for key in KEYS:
            assert [n for own, n in far.contents if own == key] == list(range(EACH))
        assert not Delivery.objects.filter(state=DeliveryState.PENDING).exists()
        transaction.set_rollback(True)


def test_a_message_in_doubt_is_asked_about_through_every_opening_of_the_circuit(
    settings,
) -> None:
    settings.EVENT_ROUTES = "tests.events.storm"
    opened = closed = 0
    with time_machine.travel(START, tick=False) as travelling:
        far = storm.STORM = storm.Storm(iter(["lost on the way there", *["away"] * 40]))
        message, behind = put("k:1", 1), put("k:1", 2)
        for turn in range(120):
            far.is_up = turn % 4 == 3
            drain("far")
            states = set(Circuit.objects.values_list("state", flat=True))
            opened += states == {CircuitState.OPEN}
            closed += opened > 0 and states == {CircuitState.CLOSED}
            lane = Lane.objects.get()
            if lane.done_seq == 0:
                assert lane.unknown
                assert not Attempt.objects.filter(delivery=behind).exists()
            travelling.shift(dt.timedelta(seconds=7))

    assert opened > 3
    assert closed
    ways = list(
        Attempt.objects.filter(delivery=message).order_by("pk").values_list("way", flat=True)
    )
    assert ways[0] == ways[-1] == "DELIVER"
    assert len(ways) > 10
    assert set(ways[1:-1]) == {"QUERY"}
    assert [n for _key, n in far.contents] == [1, 2]


def test_a_destination_that_is_back_does_not_end_the_quiet_after_a_lost_worker(settings) -> None:
    """What the dead worker has sent may be running there still: a query would find nothing."""
    settings.EVENT_ROUTES = "tests.events.storm"
    far = destination_named("far")
    with time_machine.travel(START, tick=False) as travelling:
        storm.STORM = storm.Storm(iter(["away"]))
        put("k:1")
        drain("far")
        travelling.shift(dt.timedelta(seconds=20))
        assert claiming.claim_next(far) is not None
        travelling.shift(dt.timedelta(seconds=far.lease + 1))
        for _ in range(3):
            circuit.note_failure(far, "503")
        assert claiming.claim_next(far) is None

        circuit.note_success(far)

        lane = Lane.objects.get()
        assert (lane.state, lane.unknown) == (LaneState.READY, True)
        assert claiming.claim_next(far) is None
        travelling.shift(dt.timedelta(seconds=far.quiet))
        claim = claiming.claim_next(far)
        assert claim is not None
        assert claim.unknown


def test_a_first_fault_of_our_own_after_many_failures_leaves_the_outcome_unknown(
    ledger: Ledger, clerk
) -> None:
    """It stops at once, for so many attempts were made; it may have been applied all the same."""
    ledger.answers.extend([NotApplied("503", reached=True)] * 4)
    ledger.answers.append(ZeroDivisionError("ours"))
    message = put("k:1")
    for _ in range(5):
        Lane.objects.update(available_at=START)
        drain("far")
    message.refresh_from_db()
    assert (message.state, message.refusal_code) == (DeliveryState.PARKED, "OUTCOME_UNKNOWN")
    assert Lane.objects.get().unknown

    sent = mending.retry(delivery=message, actor=clerk, reason="looked at")
    drain("far")

    assert sent == message
    assert [one.delivery_id for one in ledger.queried] == [message.uuid]


def test_a_message_in_doubt_cannot_be_given_up_before_it_was_asked_about(
    ledger: Ledger, clerk
) -> None:
    ledger.answers.append(Unknown("no answer"))
    ledger.answers_to_queries.extend([NotApplied("503")] * 2)
    message, behind = put("k:1"), put("k:1")
    drain("far")
    assert Lane.objects.get().state == LaneState.READY

    with pytest.raises(mending.DeliveryUnderWay):
        mending.cancel(delivery=message, actor=clerk, reason="no longer wanted")

    assert not Attempt.objects.filter(delivery=behind).exists()
    assert Lane.objects.get().unknown
