"""A destination that is away: nobody calls, no attempt burns, and the way back is found."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from events.choices import DeliveryState
from events.models import Delivery, Lane
from events.services.draining import drain
from events.services.handling import NotApplied, Unknown
from events.services.outbox import enqueue
from tests.events.wiring import Ledger

pytestmark = pytest.mark.django_db


def put(key: str) -> Delivery:
    with transaction.atomic():
        return enqueue(destination="far", ordering_key=key, kind="test", payload={})


def test_failures_in_a_row_stop_the_calls_and_a_probe_finds_the_way_back(
    ledger: Ledger,
) -> None:
    ledger.answers.extend([NotApplied("refused")] * 3)
    for n in range(8):
        put(f"k:{n}")
    ledger.is_up = False

    drain("far")
    assert len(ledger.delivered) == 3
    assert ledger.probes == 1
    drain("far")
    assert len(ledger.delivered) == 3

    ledger.is_up = True
    drain("far")

    assert Delivery.objects.filter(state=DeliveryState.DONE).count() == 8


def test_messages_that_were_not_tried_keep_their_attempts(ledger: Ledger) -> None:
    ledger.answers.extend([NotApplied("refused")] * 3)
    for n in range(5):
        put(f"k:{n}")
    ledger.is_up = False
    for _ in range(5):
        drain("far")

    assert sum(Lane.objects.values_list("attempts", flat=True)) == 3


def test_an_object_locked_over_there_is_no_sign_of_absence(ledger: Ledger) -> None:
    ledger.answers.extend([NotApplied("locked", reached=True)] * 5)
    for n in range(6):
        put(f"k:{n}")

    drain("far")

    assert len(ledger.delivered) == 6


def test_a_long_outage_is_probed_seldom_and_over_for_every_lane_within_a_minute(
    ledger: Ledger, settings
) -> None:
    settings.OUTBOX_TIMING = {"far": {"quiet": 20, "probe_every": 5, "backoff_cap": 900}}
    ledger.answers.extend([Unknown("hangs"), NotApplied("refused"), Unknown("hangs")])
    ledger.is_up = False
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as travelling:
        for n in range(12):
            put(f"k:{n % 6}")
        for _minute in range(12):
            drain("far")
            travelling.shift(5)
        early = ledger.probes
        travelling.shift(6 * 3600)
        for _turn in range(12):
            drain("far")
            travelling.shift(5)
        assert early >= 10
        assert ledger.probes - early == 2

        ledger.is_up = True
        for _turn in range(12):
            drain("far")
            travelling.shift(5)

    assert Delivery.objects.filter(state=DeliveryState.DONE).count() == 12
    assert not Lane.objects.exclude(attempts=0).exists()
