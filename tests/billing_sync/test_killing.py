"""Workers are killed without a word, again and again, while contracts travel to the ERP."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from contracts.choices import ItemStatus
from contracts.models import ContractItem
from events.choices import LaneState
from events.models import Delivery, Lane
from ops import paths
from ops.postgres import LOGIN
from tests.billing_sync.test_sending import sign, signed_item
from tests.support.database import TestDatabase
from tests.support.erp import SandboxErp

KILLS = 2


def worker(database: TestDatabase) -> subprocess.Popen[bytes]:
    """Start a worker of its own process on the test's database."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "drain", "--tenant", "unified", "--seconds", "60"],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database.cluster.url(user=LOGIN, database=database.name),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.covers("C-18")
def test_whatever_dies_each_object_is_made_once_and_every_contract_arrives(
    erp: SandboxErp, work: Callable[..., Any], real_commits: TestDatabase
) -> None:
    erp.control("faults", [{"kind": "commit_then_drop", "every": 4}])
    items = [signed_item(n) for n in range(3)]
    for item in items:
        sign(item)
    dice = random.Random(11)
    for _ in range(KILLS):
        before = Delivery.objects.filter(state="DONE").count()
        running = worker(real_commits)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if Delivery.objects.filter(state="DONE").count() > before + 1:
                break
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.3))
        running.send_signal(signal.SIGKILL)
        running.wait()
        # the dead worker's leases run out
        Lane.objects.filter(state=LaneState.LEASED).update(lease_until=timezone.now())

    work(
        lambda: not ContractItem.objects.exclude(status=ItemStatus.COMPLETED).exists(),
        seconds=90,
    )

    made = Counter(entry["external_reference"] for entry in erp.ledger())
    assert len(made) == 5 * len(items)
    assert set(made.values()) == {1}
    for item in items:
        told = [
            entry["object_type"]
            for entry in erp.ledger()
            if entry["external_reference"]
            in {str(item.uuid), str(item.contract.account.uuid), str(item.pod.uuid)}
        ]
        assert told[-1] == "CONTRACT"
