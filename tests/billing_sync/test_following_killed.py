"""A worker that dies in the middle of the ERP's changes: nothing is lost, nothing is told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from accounts.models import Account
from billing_sync.models import ChangeFeed
from billing_sync.services.following import polling
from events.models import Event
from ops import paths
from ops.postgres import LOGIN
from tests.billing_sync.book import office
from tests.support.database import TestDatabase
from tests.support.erp import SandboxErp, until

NEW_STREET = "Kill Nine Row"


@pytest.mark.covers("A-01", "A-03")
def test_changes_go_on_behind_the_last_page_after_kill_9(
    book: SandboxErp, real_commits: TestDatabase
) -> None:
    keys = list(Account.objects.order_by("pk").values_list("erp_number", flat=True)[:60])
    for key in keys:
        office(book, "partner", partner=key, street=NEW_STREET)
    book.control(
        "faults",
        [{"kind": "delay", "seconds": 0.3, "operation": "ReplicationObjectERPChangesQuery"}],
    )
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "follow", "--tenant", "unified", "--page-size", "5"],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": real_commits.cluster.url(user=LOGIN, database=real_commits.name),
        },
        stdout=subprocess.DEVNULL,
    )

    def taken() -> int:
        return Account.objects.filter(street=NEW_STREET).count()

    until(lambda: taken() >= 10, seconds=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    book.control("faults/clear", {})
    assert 10 <= taken() < len(keys)
    # the dead worker's lease runs out
    assert polling.follow().was_busy
    ChangeFeed.objects.update(leased_until=None)

    polling.follow(page_size=5)

    assert taken() == len(keys)
    told = Event.objects.filter(name="accounts.account.altered_in_erp")
    assert told.count() == len(keys)
    assert told.values("subject_id").distinct().count() == len(keys)
