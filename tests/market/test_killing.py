"""Workers are killed without a word while supplies are claimed; each is claimed once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.utils import timezone

from events.choices import LaneState
from events.models import Circuit, Lane
from market.choices import PeriodStatus
from market.models import RegisterMessage, SentDocument, SupplyPeriod
from ops import paths
from ops.postgres import LOGIN
from tests.support.database import TestDatabase

SUPPLIES, KILLS = 6, 1
WORKER = """
import django, time
django.setup()
from django_tenants.utils import schema_context
from events.services.draining import drain
from market.services.receiving import collect
with schema_context("unified"):
    while True:
        if not drain("market-planning", budget=1) + drain("market", budget=1) + collect():
            time.sleep(0.05)
"""


def worker(database: TestDatabase) -> subprocess.Popen[bytes]:
    """Start a worker of its own process on the test's database."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database.cluster.url(user=LOGIN, database=database.name),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.covers("C-28")
def test_whatever_dies_each_supply_is_claimed_once_and_every_answer_counts(
    real_commits: TestDatabase, hub, sell, work
) -> None:
    hub.fault("commit_then_drop", operation="submit", every=4)
    hub.fault("duplicate_delivery", operation="queue", every=3)
    items = [sell(n=n) for n in range(1, SUPPLIES + 1)]
    dice = random.Random(11)
    for _ in range(KILLS):
        before = len(hub.ledger("unified"))
        running = worker(real_commits)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and len(hub.ledger("unified")) < before + 3:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.3))
        running.send_signal(signal.SIGKILL)
        running.wait()
        # the dead worker's leases run out
        Lane.objects.filter(state=LaneState.LEASED).update(lease_until=timezone.now())

    deadline = time.monotonic() + 60
    while SupplyPeriod.objects.filter(status=PeriodStatus.CONFIRMED).count() < len(items):
        assert time.monotonic() < deadline
        # the workers of real life wait longer before they ask about what is unknown
        Lane.objects.update(available_at=timezone.now())
        Circuit.objects.all().delete()
        work()

    told = Counter(entry["external_id"] for entry in hub.ledger("unified"))
    assert told == {item.pod.external_id: 1 for item in items}
    assert RegisterMessage.objects.filter(direction="IN").count() == len(items)
    # whichever worker it was that sent it: one document for each
    kept = SentDocument.objects.values_list("delivery_uuid", flat=True)
    assert sorted(map(str, kept)) == sorted(one["id"] for one in hub.ledger("unified"))
