"""A worker that lives and works on nothing is noticed from outside, and started again."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from access.models import User
from events.models import Lane
from events.services.outbox import enqueue
from events.views import health
from ops import watchdog
from ops.supervisor import Service, Supervisor
from tenants.models import Tenant


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Sets for how many seconds an answer is kept: not at all, unless a test says so."""

    def keep(seconds: float) -> None:
        monkeypatch.setattr(health, "_KEEP_SECONDS", seconds)

    health._kept.clear()
    keep(0)
    yield keep
    health._kept.clear()


def ask(user: User | None = None) -> tuple[int, dict[str, object]]:
    tenant = connection.tenant
    browser = Client(headers={"host": "platform.localhost"})
    if user is not None:
        with tenant_context(Tenant.objects.get(schema_name="public")):
            user.save()
            browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    answer = browser.get("/health/")
    connection.set_tenant(tenant)
    return answer.status_code, answer.json()


def leave_lying() -> None:
    with transaction.atomic():
        enqueue(destination="far", ordering_key="k", kind="thing-happened", payload={})
    Lane.objects.update(available_at=timezone.now() - dt.timedelta(minutes=3))


@pytest.mark.django_db
def test_a_queue_left_lying_is_told_and_where_only_to_members_of_staff(ledger, kept) -> None:
    assert ask() == (200, {"ok": True})

    leave_lying()

    assert ask() == (503, {"ok": False, "trouble": "queue"})
    assert ask(User(username="guest")) == (503, {"ok": False, "trouble": "queue"})
    assert ask(User(username="operator", is_staff=True)) == (
        503,
        {"ok": False, "trouble": "queue", "idle": ["far"]},
    )


@pytest.mark.django_db
def test_whoever_asks_again_and_again_costs_the_database_nothing(
    ledger, kept, django_assert_num_queries
) -> None:
    kept(60)
    assert ask() == (200, {"ok": True})
    leave_lying()

    with django_assert_num_queries(0):
        assert [ask() for _n in range(5)] == [(200, {"ok": True})] * 5


class Sick(http.server.BaseHTTPRequestHandler):
    """Says that the ERP's queue is left lying."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(json.dumps({"ok": False, "trouble": "queue"}).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_a_worker_that_works_on_nothing_is_started_again(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "_EVERY", 0)
    product = http.server.HTTPServer(("127.0.0.1", 0), Sick)
    threading.Thread(target=product.serve_forever, daemon=True).start()
    supervisor = Supervisor()
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    supervisor.start(Service("worker", command, tmp_path / "worker.log", {}))
    (before,) = supervisor.process_ids().values()
    dog = watchdog.Watchdog(supervisor, product.server_port)

    assert dog.look() == []
    (line,) = dog.look()

    assert "starting it again" in line
    deadline = time.monotonic() + 10
    while supervisor.process_ids()["worker"] == before and time.monotonic() < deadline:
        supervisor.check()
        time.sleep(0.05)
    assert supervisor.process_ids()["worker"] != before
    supervisor.stop()
    product.shutdown()
