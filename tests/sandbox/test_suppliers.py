"""The sandbox suppliers as a process: their books survive a power cut."""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

KEY = "01900000-0000-7000-8000-000000000001"
LOG_IN = {"Authorization": "Basic " + base64.b64encode(b"buyer:buyer-secret").decode()}


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], int]]]:
    running = []

    def one() -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.suppliers", "--port", "0", "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process, int(process.stdout.readline().removeprefix("LISTENING "))

    yield one
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        method, path, None if body is None else json.dumps(body), {**LOG_IN, **headers}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if content[:1] in {b"{", b"["} else content


def test_what_was_taken_is_known_after_a_power_cut(start):
    month = f"{dt.datetime.now(tz=dt.UTC):%Y-%m}"
    line = {
        "agreement": "A-1",
        "commodity": "POWER",
        "customer_group": "HOUSEHOLD",
        "month": month,
        "points": 3,
        "expected_kwh": "1200.500",
    }
    forecast = {"customer_number": "1", "period": month, "revision": 1, "lines": [line]}
    path = "/rest/unified/forecasts"
    process, port = start()

    status, taken = ask(port, "POST", path, forecast, **{"Idempotency-Key": KEY})
    process.send_signal(signal.SIGKILL)
    process.wait()
    _process, port = start()

    assert status == 201
    assert ask(port, "GET", f"{path}/{KEY}") == (200, taken)
    assert ask(port, "POST", path, forecast, **{"Idempotency-Key": KEY}) == (200, taken)
    changed = {**forecast, "revision": 2}
    assert ask(port, "POST", path, changed, **{"Idempotency-Key": KEY})[0] == 409
    assert ask(port, "POST", path, forecast, Authorization="Basic eDp5")[0] == 401
    assert ask(port, "GET", "/")[0] == 200
    assert len(ask(port, "GET", "/control/ledger")[1]) == 1
    assert ask(port, "POST", "/control/faults", {"kind": "nonsense"})[0] == 400
