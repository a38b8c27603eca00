"""A destination that is away: nobody calls, no attempt burns, and the way back is found."""

from __future__ import annotations

import pytest
from django.db import transaction

from events.choices import DeliveryState
from events.models import Delivery, Lane
from events.services.draining import drain
from events.services.handling import NotApplied
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
