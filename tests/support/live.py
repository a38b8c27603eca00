"""
The whole product around one tenant, with nothing replaced: for journeys and for the browser.

Web server, Celery worker with its clock, and the three sandboxes run once a session; each test
starts with the database, the queue and the sandboxes as they were at first.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from ops.environment import HOST, Ports, free_ports
from ops.postgres import LOGIN
from sandbox.erp.clients import CLIENTS
from tests.support.database import USUAL, TestDatabase
from tests.support.programs import Program, until
from tests.support.servers import REDIS

ERP_USER = {"username": "erp", "password": "erp-secret"}
CRM_USER = {"callback_username": "crm", "callback_password": "crm-secret"}
CUSTOMERS = 60
"""In the book of each of the ERP's four clients."""

PATIENCE = {
    "erp": {
        "lease": 10,
        "quiet": 1,
        "confirm_after": 5,
        "backoff_base": 0.5,
        "backoff_cap": 2,
        "probe_every": 0.5,
    },
    "erp-download": {"lease": 5, "backoff_base": 0.5, "backoff_cap": 2, "probe_every": 0.5},
}
"""Seconds of the outbox: nobody at a test has a day to wait."""

ON_DEMAND = {"register"}
"""Programs that are started by the first test that asks for them: `live.bring("register")`."""


class KeptStaticFiles(StaticFilesHandler):
    """Static files that a browser keeps, as in production: it asks for each of them once."""

    def serve(self, request: Any) -> Any:
        """Serve one, to be kept for longer than any test takes."""
        response = super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


@dataclass(frozen=True)
class Control:
    """The control interface of a sandbox: `erp.post("faults", {...})`, `mail.get("ledger")`."""

    port: int

    def get(self, name: str) -> Any:
        return self._call("GET", name, None)

    def post(self, name: str, body: Any = None) -> Any:
        return self._call("POST", name, body)

    def delete(self, name: str) -> Any:
        return self._call("DELETE", name, None)

    def is_healthy(self) -> bool:
        return bool(self.get("health"))

    def _call(self, method: str, name: str, body: Any) -> Any:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(
                method, f"/control/{name}", text, {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 400, f"{method} {name}: {answer.status} {content[:500]!r}"
            return json.loads(content)
        finally:
            connection.close()


class Stack:
    """All processes of the product around this worker's database."""

    def __init__(self, database: TestDatabase, folder: Path) -> None:
        self.server = LiveServerThread(HOST, KeptStaticFiles)
        self.server.daemon = True
        self.server.start()
        self.server.is_ready.wait()
        if self.server.error:
            raise self.server.error
        # A port of each worker's own neighbourhood, so that two never ask for the same one.
        first = 20000 + os.getpid() % 1000 * 12
        wanted = Ports(*range(first, first + len(fields(Ports))))
        self.ports = replace(free_ports(wanted), web=self.server.port)
        self.environment = self._environment(database, folder)
        self.erp, self.mail, self.telephone, self.register = (
            Control(self.ports.erp_control),
            Control(self.ports.mail),
            Control(self.ports.telephone),
            Control(self.ports.register),
        )
        self.programs = {program.name: program for program in self._programs(folder)}
        self.variant = USUAL

    @property
    def url(self) -> str:
        """Where the tenant's members of staff work."""
        return f"http://{self.variant}.localhost:{self.server.port}"

    @property
    def erp_url(self) -> str:
        """The SOAP address of the ERP's client."""
        return f"http://{HOST}:{self.ports.erp}/erp/{self.variant}/soap"

    def ledger(self) -> list[dict[str, Any]]:
        """Return what the ERP's client has really made or changed, in the order it did so."""
        entries: list[dict[str, Any]] = self.erp.get(f"ledger?client={self.variant}")
        return [entry for entry in entries if entry["effect"] != "none"]

    def _environment(self, database: TestDatabase, folder: Path) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "OUTBOX_TIMING": json.dumps(PATIENCE),
            "ERP_DELTA_SECONDS": "2",
            "DATABASE_URL": database.cluster.url(user=LOGIN, database=database.name),
            "REDIS_URL": REDIS.url(),
            "CELERY_BROKER_URL": REDIS.broker_url(),
            "WEB_PORT": str(self.server.port),
            "SANDBOX_ERP_URL": f"http://{HOST}:{self.ports.erp}",
            "SANDBOX_MAIL_URL": f"http://{HOST}:{self.ports.mail}",
            "SANDBOX_MAIL_SMTP": f"{HOST}:{self.ports.smtp}",
            "SANDBOX_MAIL_IMAP": f"{HOST}:{self.ports.imap}",
            "VIRUS_SCANNER": f"{HOST}:{self.ports.scanner}",
            "MAIL_FETCH_SECONDS": "1",
            "SANDBOX_TELEPHONE_URL": f"http://{HOST}:{self.ports.telephone}",
            "SANDBOX_REGISTER_URL": f"http://{HOST}:{self.ports.register}",
            "SANDBOX_ARCHIVE_URL": f"http://{HOST}:{self.ports.archive}",
            "SANDBOX_SUPPLIERS_URL": f"http://{HOST}:{self.ports.suppliers}",
            "SANDBOX_DATA": str(folder),
            "TELEPHONE_WEBHOOK_SECRET": "telephone-test-secret",
        }

    def _programs(self, folder: Path) -> list[Program]:
        ports, callback = self.ports, ["--callback", f"http://{HOST}:{self.server.port}"]
        python = [sys.executable, "-m"]
        erp = ["--control-port", str(ports.erp_control), "--book", str(folder / "erp")]
        erp += ["--customers", ",".join(f"{code}={CUSTOMERS}" for code in CLIENTS)]
        erp += ["--step-delay", "0.1", *callback]
        mail = ["--smtp-port", str(ports.smtp), "--imap-port", str(ports.imap)]
        mail += ["--scanner-port", str(ports.scanner), "--data", str(folder)]
        telephone = ["--data", str(folder), *callback]
        worker = ["celery", "-A", "utilcrm.celery", "worker", "-Q", "default,erp,mail,documents"]
        worker += ["-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle", "--beat"]
        worker += ["-s", str(folder / "beat"), "--scheduler", "utilcrm.beat:ActiveTenantsScheduler"]
        register = ["--data", str(folder), "--delay", "0.1"]
        commands = {
            "erp": ["sandbox.erp", "--port", str(ports.erp), *erp],
            "mail": ["sandbox.mail", "--port", str(ports.mail), *mail],
            "telephone": ["sandbox.telephone", "--port", str(ports.telephone), *telephone],
            "worker": worker,
            "register": ["sandbox.register", "--port", str(ports.register), *register],
        }
        ready: dict[str, Callable[[], Any]] = {
            "erp": lambda: set(self.erp.get("health")["clients"].values()) == {"ready"},
            "mail": self.mail.is_healthy,
            "telephone": self.telephone.is_healthy,
            "worker": lambda: b" ready." in self.programs["worker"].log.read_bytes(),
            "register": self.register.is_healthy,
        }
        return [
            Program(name, [*python, *command], self.environment, ready[name])
            for name, command in commands.items()
        ]

    def start(self) -> None:
        """Start everything side by side, and wait until all of it answers."""
        wanted = [it for name, it in self.programs.items() if name not in ON_DEMAND]
        for program in wanted:
            program.launch()
        for program in wanted:
            until(program.is_ready, seconds=90)

    def bring(self, name: str) -> None:
        """Start a program that most tests do without; it begins with empty books."""
        self.programs[name].start()
        getattr(self, name).post("reset", {"first_day": True})

    def stop(self, *, keep_logs: bool) -> None:
        """Stop everything; the logs are worth keeping when a test has failed."""
        for program in reversed(self.programs.values()):
            program.kill()
            if not keep_logs:
                program.log.unlink(missing_ok=True)
        self.server.terminate()

    def hold(self) -> None:
        """Let everything stand still: tests of parts share the database with this worker."""
        for program in self.programs.values():
            program.hold()

    def go_on(self) -> None:
        """Let everything go on."""
        for program in self.programs.values():
            program.go_on()

    def reset(self) -> None:
        """Put the sandboxes back to their first day."""
        for control in (self.erp, self.mail, self.telephone):
            control.delete("faults")
            control.post("reset", {"first_day": True})
