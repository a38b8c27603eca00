"""The ERP behind real sockets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from billing_sync.models import DownloadRun, ErpEndpoint
from billing_sync.services import downloading
from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.following import polling
from events.services.draining import drain
from tests.support.database import TestDatabase
from tests.support.erp import CrmDoor, SandboxErp, until

FAST = {
    "erp": {
        "lease": 2,
        "quiet": 0.3,
        "confirm_after": 1.5,
        "backoff_base": 0.2,
        "backoff_cap": 0.5,
        "probe_every": 0.3,
    },
    "erp-planning": {"backoff_base": 0.1},
    "erp-download": {"lease": 1, "backoff_base": 0.2, "backoff_cap": 0.5, "probe_every": 0.3},
}
DESTINATIONS = ("erp-planning", "erp", "erp-download", "contract-desk", "contact-desk")


@pytest.fixture(scope="session")
def crm_door(test_database: TestDatabase) -> Iterator[CrmDoor]:
    """The CRM as the ERP reaches it."""
    door = CrmDoor()
    yield door
    door.close()


@pytest.fixture(scope="session")
def erp_process(crm_door: CrmDoor, tmp_path_factory) -> Iterator[SandboxErp]:
    """A sandbox ERP with a small book, shared by all tests."""
    running = SandboxErp(tmp_path_factory.mktemp("erp"), callback=crm_door.url, customers=120)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def erp(real_commits, erp_process: SandboxErp, settings) -> Iterator[SandboxErp]:
    """The ERP of this test: as it was at first, without faults, and wired to the tenant."""
    settings.OUTBOX_TIMING = FAST
    settings.ALLOWED_HOSTS = ["*"]
    erp_process.control("reset", {})
    connect_endpoint(
        url=erp_process.url,
        client="unified",
        username="erp",
        password="erp-secret",
        callback_username="crm",
        callback_password="crm-secret",
    )
    ErpEndpoint.objects.update(connect_timeout=1, read_timeout=2)
    yield erp_process
    erp_process.control("faults/clear", {})


@pytest.fixture
def book(erp: SandboxErp, work: Callable[..., Any]) -> SandboxErp:
    """An ERP whose book was downloaded, and whose change log is followed from then on."""
    downloading.start_download(page_size=1000)
    work(lambda: not DownloadRun.objects.filter(status="RUNNING").exists(), seconds=90)
    # on a busy machine the ERP may take longer than its time to answer
    until(lambda: not polling.follow().trouble, seconds=30)
    return erp


@pytest.fixture
def work() -> Callable[..., Any]:
    """Play the workers until something is true: ``work(lambda: account.is_replicated)``."""

    def run(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for name in DESTINATIONS:
                drain(name, budget=1)
            if found := condition():
                return found
            time.sleep(0.05)
        raise AssertionError(f"did not become true within {seconds} s")

    return run
