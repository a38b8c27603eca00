"""A worker that lives and works on nothing is noticed from outside, and started again."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import sys
import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from events.models import Lane
from events.services.outbox import enqueue
from ops import watchdog
from ops.supervisor import Service, Supervisor


def health() -> tuple[int, dict[str, object]]:
    tenant = connection.tenant
    answer = Client(headers={"host": "platform.localhost"}).get("/health/")
    connection.set_tenant(tenant)
    return answer.status_code, answer.json()


def test_a_queue_left_lying_is_told_without_whose_it_is(real_commits, ledger) -> None:
    assert health() == (200, {"ok": True, "idle": []})
    with transaction.atomic():
        enqueue(destination="far", ordering_key="k", kind="thing-happened", payload={})
    assert health() == (200, {"ok": True, "idle": []})

    Lane.objects.update(available_at=timezone.now() - dt.timedelta(minutes=3))

    assert health() == (503, {"ok": False, "idle": ["far"]})


class Sick(http.server.BaseHTTPRequestHandler):
    """Says that the ERP's queue is left lying."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(json.dumps({"ok": False, "idle": ["erp"]}).encode())

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

    assert "erp" in line
    deadline = time.monotonic() + 10
    while supervisor.process_ids()["worker"] == before and time.monotonic() < deadline:
        supervisor.check()
        time.sleep(0.05)
    assert supervisor.process_ids()["worker"] != before
    supervisor.stop()
    product.shutdown()
