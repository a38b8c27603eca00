"""The sandbox ERP as a process on a free port, and a bare CRM that takes what it sends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ops import paths
from sandbox.http import Request, Response, Server

T = TypeVar("T")
SMALL = "unified=60,nordlicht=30,ribera=30,havn=30"


@dataclass
class Letterbox:
    """A CRM that answers 202 to everything, or what `answer` says, and keeps what came."""

    answer: Callable[[Request], Response] = lambda _request: Response(202)
    received: list[Request] = field(default_factory=list)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self._take, port=0)
        self.server.start()

    def _take(self, request: Request) -> Response:
        response = self.answer(request)
        if response.status < 300:
            self.received.append(request)
        return response

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


def wait_for(look: Callable[[], T], *, seconds: float = 10) -> T:
    """Return what `look` returns as soon as it is true.

    :raises AssertionError: when it is not after `seconds`
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.02)
    return found


class SandboxErp:
    """One running sandbox ERP; the book is kept in `folder` over restarts."""

    def __init__(self, folder: Path, *, callback: str, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.callback = callback
        self.options = options
        self.port = 0
        self.control_port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, on the same ports as before, and read them from the first lines."""
        command = [sys.executable, "-m", "sandbox.erp", "--book", str(self.folder)]
        command += ["--port", str(self.port), "--control-port", str(self.control_port)]
        command += ["--callback", self.callback, "--step-delay", "0", "--customers", SMALL]
        self._process = subprocess.Popen(
            [*command, *self.options],
            stdout=subprocess.PIPE,
            text=True,
            cwd=paths.ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(paths.ROOT)},
        )
        assert self._process.stdout is not None
        self.port, self.control_port = (
            int(self._process.stdout.readline().split()[1]) for _line in range(2)
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(10)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def url(self, client: str = "unified") -> str:
        """Return the address of a client's SOAP endpoint."""
        return f"http://127.0.0.1:{self.port}/erp/{client}/soap"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control API; return its JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/control/{path}", text)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def ledger(self, client: str = "unified") -> list[dict[str, Any]]:
        """Return the accepted business messages of a client."""
        found: list[dict[str, Any]] = self.control("GET", f"ledger?client={client}")
        return found

    def person(self, role: str, client: str = "unified") -> dict[str, Any]:
        """Return the memorable customer with a role."""
        people: list[dict[str, Any]] = self.control("GET", f"people?client={client}")[client]
        return next(person for person in people if person["role"] == role)


@contextmanager
def running_erp(
    folder: Path, *, callback: str, options: tuple[str, ...] = ()
) -> Iterator[SandboxErp]:
    """Run a sandbox ERP for the length of a block."""
    erp = SandboxErp(folder, callback=callback, options=options)
    erp.start()
    try:
        yield erp
    finally:
        erp.stop()
