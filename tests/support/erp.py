"""The sandbox ERP as a process, and the CRM's door for its answers."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import QuietWSGIRequestHandler


class SandboxErp:
    """A sandbox ERP of its own port and book; stopped and started at will."""

    def __init__(
        self,
        book: Path,
        *,
        callback: str,
        customers: int,
        port: int = 0,
        client: str = "unified",
    ) -> None:
        self.book = book
        self.client = client
        self.callback = callback
        self.customers = customers
        self.port = port
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, on the port it had before if it ran already, and wait for its book."""
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "sandbox.erp",
                "--port", str(self.port),
                "--book", str(self.book),
                "--callback", self.callback,
                "--clients", self.client,
                "--customers", f"{self.client}={self.customers}",
                "--step-delay", "0.01",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.match(r"LISTENING (\d+)", line)
        assert found, f"the sandbox ERP said {line!r}"
        self.port = int(found[1])
        until(lambda: self.control("health")["clients"][self.client] == "ready", seconds=60)

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def url(self) -> str:
        """The SOAP address of its client."""
        return f"http://127.0.0.1:{self.port}/erp/{self.client}/soap"

    def control(self, name: str, body: Any = None) -> Any:
        """Call the control API; with a body it is a POST."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(
                "GET" if body is None else "POST",
                f"/control/{name}",
                body=None if body is None else json.dumps(body),
                headers={"Content-Type": "application/json"},
            )
            answer = line.getresponse()
            found = json.load(answer)
        finally:
            line.close()
        assert answer.status == 200, found
        return found

    def ledger(self) -> list[dict[str, Any]]:
        """Return every business message that the ERP accepted, in order."""
        entries: list[dict[str, Any]] = self.control("ledger")
        return entries


class CrmDoor:
    """The CRM behind a real socket, in this process and on the test's database."""

    def __init__(self) -> None:
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
        self._server.daemon_threads = True
        self._server.set_app(WSGIHandler())
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            self._server.serve_forever(poll_interval=0.05)
        finally:
            connections.close_all()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def until(condition: Callable[[], Any], *, seconds: float = 20, pause: float = 0.05) -> Any:
    """Wait until something is true, and return it; fail loudly otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except OSError:
            pass
        time.sleep(pause)
    raise AssertionError(f"did not become true within {seconds} s")
