"""Nobody is called more often than was agreed, and nobody's queue is another's wall."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import Circuit, Delivery
from events.services.draining import drain
from events.services.outbox import enqueue
from tests.events import wiring
from tests.events.test_concurrency import at_once

RATE = 50


@pytest.fixture
def agreed(ledger, monkeypatch) -> list[float]:
    """A far side that takes a fixed number of calls a second, and notes when each came."""
    calls: list[float] = []

    def deliver(self: wiring.FarHandler, envelope: object) -> object:
        calls.append(time.monotonic())
        return wiring.Done()

    monkeypatch.setattr(wiring.FarHandler, "rate", lambda self: RATE)
    monkeypatch.setattr(wiring.FarHandler, "deliver", deliver)
    return calls


def fill(number: int) -> None:
    for n in range(number):
        with transaction.atomic():
            enqueue(destination="far", ordering_key=f"k{n}", kind="thing-happened", payload={})


def test_three_workers_together_keep_to_the_agreed_rate(
    real_commits, agreed: list[float], tenant
) -> None:
    fill(40)

    at_once(tenant, *[lambda: drain("far", budget=10)] * 3)

    assert len(agreed) == 40
    assert Delivery.objects.filter(state="DONE").count() == 40
    # 40 calls have 39 gaps between them, however the workers took turns
    assert max(agreed) - min(agreed) >= 39 / RATE * 0.95


@pytest.mark.django_db
def test_a_worker_leaves_a_long_queue_after_its_turn_and_rings_for_the_rest(
    agreed: list[float],
) -> None:
    fill(40)

    made = drain("far", budget=0.2)

    assert 0 < made < 40
    assert made + drain("far") == 40


@pytest.mark.django_db
def test_a_database_whose_clock_was_put_back_keeps_nobody_waiting(agreed: list[float]) -> None:
    Circuit.objects.create(
        destination="far", next_call_at=timezone.now() + dt.timedelta(seconds=20)
    )
    fill(3)
    began = time.monotonic()

    assert drain("far", budget=2) == 3

    assert time.monotonic() - began < 1
