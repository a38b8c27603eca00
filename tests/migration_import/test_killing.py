"""The worker is killed without a word, again and again, while a file comes in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from contracts.models import ContractItem
from events.choices import LaneState
from events.models import Delivery, Lane
from migration_import.choices import ImportStatus
from migration_import.models import FileImport, ImportedObject
from migration_import.services import starting
from migration_import.services.mapping import guess_columns
from migration_import.services.uploading import layout_of
from ops import paths
from ops.postgres import LOGIN
from tests.migration_import.conftest import csv_bytes, line, work
from tests.support.database import TestDatabase

ROWS = 600
CHUNK = 50
CODES = {"payment_method": {"Lastschrift": "DIRECT_DEBIT"}}


def worker(database: TestDatabase, var: Path) -> subprocess.Popen[bytes]:
    """Start a worker of its own process on the test's database."""
    return subprocess.Popen(
        [
            sys.executable, "manage.py", "drain", "--tenant", "unified",
            "--destination", "migration", "--seconds", "120",
        ],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database.cluster.url(user=LOGIN, database=database.name),
            "UTILCRM_VAR": str(var),
            "IMPORT_CHUNK": str(CHUNK),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(found: FileImport, condition: Callable[[FileImport], Any]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        found.refresh_from_db()
        if condition(found):
            return
        assert found.status != ImportStatus.FAILED, found.failure
        time.sleep(0.02)
    raise AssertionError(f"still {found.status} after 90 s: {found.failure}")


def kill(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGKILL)
    running.wait()
    # the dead worker's leases run out
    Lane.objects.filter(state=LaneState.LEASED).update(lease_until=timezone.now())


@pytest.mark.covers("C-16")
def test_whatever_dies_every_row_comes_in_once(
    real_commits: TestDatabase, upload, clerk, product, settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "test-files"
    found = upload(csv_bytes(line(number) for number in range(1, ROWS + 1)))
    starting.start_reading(file_import=found, layout=layout_of(found), actor=clerk)
    work()
    found.refresh_from_db()
    starting.set_mapping(
        file_import=found,
        mapping=guess_columns(found.columns),
        codes=CODES,
        allows_lookalikes=False,
        actor=clerk,
    )
    starting.start_check(file_import=found, actor=clerk)
    running = worker(real_commits, tmp_path)
    wait_for(found, lambda one: one.rows_checked > 0)
    kill(running)

    running = worker(real_commits, tmp_path)
    wait_for(found, lambda one: one.status == ImportStatus.CHECKED)
    assert found.rows_good == ROWS
    starting.start_run(file_import=found, actor=clerk)
    wait_for(found, lambda one: one.rows_run >= CHUNK)
    kill(running)
    assert found.status == ImportStatus.RUNNING
    assert 0 < Account.objects.count() < ROWS
    # this process is the worker that is left
    work()
    found.refresh_from_db()

    assert found.status == ImportStatus.DONE
    assert (found.rows_imported, found.rows_kept_out) == (ROWS, 0)
    assert Account.objects.count() == ContractItem.objects.count() == ROWS
    assert ImportedObject.objects.filter(content_type__model="account").count() == ROWS
    assert set(Delivery.objects.values_list("destination", flat=True)) == {"migration"}
