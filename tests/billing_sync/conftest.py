"""The ERP behind real sockets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing_sync.models import DownloadRun, ErpEndpoint
from billing_sync.services import downloading
from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.following import polling
from events.models import Lane
from events.services.draining import drain
from tests.support.database import USUAL, TestDatabase
from tests.support.erp import CrmDoor, SandboxErp, until
from tests.support.hostile import Line
from tests.support.people import TenantClient

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
CUSTOMERS = {USUAL: 120}
DESTINATIONS = ("erp-planning", "erp", "erp-download", "contract-desk", "contact-desk")


@pytest.fixture(scope="session")
def crm_door(test_database: TestDatabase) -> Iterator[CrmDoor]:
    """The CRM as the ERP reaches it."""
    door = CrmDoor()
    yield door
    door.close()


@pytest.fixture(scope="session")
def erp_of(crm_door: CrmDoor, tmp_path_factory) -> Iterator[Callable[[str], SandboxErp]]:
    """
    Sandbox ERPs with small books, one a client, started when it is first wanted.

    Each tells the CRM's door, by the name of its tenant, what became of a message.
    """
    running: dict[str, SandboxErp] = {}

    def of(client: str) -> SandboxErp:
        if client not in running:
            running[client] = SandboxErp(
                tmp_path_factory.mktemp(client),
                callback=crm_door.url,
                customers=CUSTOMERS.get(client, 40),
                client=client,
            )
            running[client].start()
        return running[client]

    yield of
    for one in running.values():
        one.kill()


@pytest.fixture
def erp(
    real_commits, variant: str, erp_of: Callable[[str], SandboxErp], settings
) -> Iterator[SandboxErp]:
    """The ERP of this test's variant: as it was at first, without faults, wired to the tenant."""
    running = erp_of(variant)
    settings.OUTBOX_TIMING = FAST
    settings.ALLOWED_HOSTS = ["*"]
    running.control("reset", {"first_day": True})
    connect_endpoint(
        url=running.url,
        client=variant,
        username="erp",
        password="erp-secret",
        callback_username="crm",
        callback_password="crm-secret",
    )
    ErpEndpoint.objects.update(connect_timeout=1, read_timeout=2)
    yield running
    running.control("faults/clear", {})


@pytest.fixture
def begin_with_both(
    erp: SandboxErp, variant: str, begin_with: Callable[..., None]
) -> Callable[..., None]:
    """Begin with what the CRM and the ERP have made together, once a session and variant."""

    def begin(what: str, make: Callable[[], None]) -> None:
        name = f"{what}_of_{variant}"

        def make_and_keep() -> None:
            make()
            erp.control("keep", {"name": name})

        begin_with(name, make_and_keep)
        erp.control("reset", {"kept": name})

    return begin


@pytest.fixture
def book(
    erp: SandboxErp, work: Callable[..., Any], variant: str, begin_with: Callable[..., None]
) -> SandboxErp:
    """An ERP whose book was downloaded, and whose change log is followed from then on."""

    def download() -> None:
        downloading.start_download(page_size=1000)
        work(lambda: not DownloadRun.objects.filter(status="RUNNING").exists(), seconds=90)
        # on a busy machine the ERP may take longer than its time to answer
        until(lambda: not polling.follow().trouble, seconds=30)

    begin_with(f"book_of_{variant}", download)
    return erp


@pytest.fixture
def work() -> Callable[..., Any]:
    """Play the workers until something is true: ``work(lambda: account.is_replicated)``."""

    def run(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for name in _due():
                drain(name, budget=1)
            if found := condition():
                return found
            time.sleep(0.05)
        raise AssertionError(f"did not become true within {seconds} s")

    return run


def _due() -> list[str]:
    """Return the destinations at which a worker would find something to do."""
    rows = Lane.objects.filter(destination__in=DESTINATIONS).values_list("destination", flat=True)
    waiting = rows.filter(state__in=["READY", "WAITING"], available_at__lte=timezone.now())
    abandoned = rows.filter(state="LEASED", lease_until__lte=timezone.now())
    due = set(waiting.union(abandoned))
    return [name for name in DESTINATIONS if name in due]


@pytest.fixture
def erp_client(tenant) -> Client:
    """An ERP that knows its password."""
    connect_endpoint(
        url="http://127.0.0.1:9/erp/unified/soap",
        client="unified",
        username="erp",
        password="erp-secret",
        callback_username="crm",
        callback_password="crm-secret",
    )
    return TenantClient(tenant)


@pytest.fixture(scope="module")
def trap() -> Iterator[Line]:
    """What nobody may ever call."""
    line = Line(lambda caller: caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    yield line
    line.close()
