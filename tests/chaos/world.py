"""
The product as it runs in a company, every part a process of its own that can be killed.

PostgreSQL, Redis, web, two workers, the clock and the ERP belong to this world alone; what is
killed is started again, as an init system would.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from ops import paths
from ops.environment import HOST, Ports, free_ports, library_environment
from ops.postgres import DATABASE, LOGIN, OWNER, Cluster
from ops.redis import Server
from tests.support.database import TestDatabase
from tests.support.live import CRM_USER, ERP_USER, Control
from tests.support.programs import Program, until

TENANT = "unified"
WORKERS = ("worker-1", "worker-2")
PERSON, PASSWORD = "alice", "chaos-2026-word"


class World:
    """Starts everything, kills what it is told to, and knows where the ERP keeps its ledger."""

    def __init__(
        self,
        folder: Path,
        pattern: TestDatabase,
        *,
        timing: Mapping[str, Any] | None = None,
        web: tuple[int, int] = (1, 6),
    ) -> None:
        self.folder = folder
        self._workers, self._threads = web
        self._timing = timing or {}
        # Names of its own: another storm in this project would take its sockets away.
        self.cluster = Cluster(f"pg-chaos-{os.getpid()}")
        self.redis = Server(f"redis-chaos-{os.getpid()}")
        first = 42000 + os.getpid() % 500 * 20
        self.ports = free_ports(Ports(*range(first, first + len(fields(Ports)))))
        self.erp = Control(self.ports.erp_control)
        self.environment = self._environment()
        self.programs = {program.name: program for program in self._programs()}
        self._pattern = pattern

    @property
    def url(self) -> str:
        """Where the people of the tenant work."""
        return f"http://{TENANT}.localhost:{self.ports.web}"

    def start(self) -> None:
        """Bring everything up around a copy of the tests' empty tenants."""
        for folder in self._folders():
            clear_after_the_dead(folder.parent)
        self.cluster.prepare()
        self.redis.data.mkdir(parents=True, exist_ok=True)
        for name in ("redis", "erp"):
            self.programs[name].launch()
        self.revive("postgres")
        self.cluster.make_login()
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{DATABASE}"')
        self.cluster.make_database()
        self._copy()
        self.programs["redis"].start()
        self.redis.flush()
        self._manage("shell", "-c", _PREPARE)
        self.programs["erp"].start()
        for program in self.programs.values():
            program.launch_unless_up()
        for program in self.programs.values():
            until(program.is_ready, seconds=90)

    def kill(self, name: str) -> None:
        """End one part without a word, with everything it has started."""
        self.programs[name].kill()

    def kill_child(self, name: str) -> bool:
        """End one process that a worker has forked, and leave the worker itself alive."""
        parent = self.programs[name].pid
        children = _children(parent) if parent else []
        for child in children[:1]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return bool(children)

    def revive(self, name: str) -> None:
        """Start one part again, without waiting for it."""
        program = self.programs[name]
        if name == "postgres":
            # The dead server's children may hold its memory for a moment longer.
            until(lambda: _starts(program), seconds=60)
        else:
            program.launch()

    def stop(self, *, keep_logs: bool) -> None:
        """Stop everything and give the disk back."""
        for program in reversed(self.programs.values()):
            with suppress(Exception):
                program.kill()
            if not keep_logs:
                program.log.unlink(missing_ok=True)
        for folder in self._folders():
            shutil.rmtree(folder, ignore_errors=True)

    def ledger(self) -> list[dict[str, Any]]:
        """Return what the ERP was told and what it did about it, in its order."""
        return list(self.erp.get(f"ledger?client={TENANT}&bodies=1"))

    def _folders(self) -> list[Path]:
        cluster, redis = self.cluster, self.redis
        return [cluster.data, cluster.sockets, redis.data, redis.socket.parent]

    def _copy(self) -> None:
        pattern, programs = self._pattern, self.cluster.programs
        load = [str(programs / "psql"), "-Xq", "-h", str(self.cluster.sockets), "-U", OWNER]
        ask = ["-h", str(pattern.cluster.sockets), "-U", OWNER]
        copies = {
            # roles that are here already are refused, which harms nobody
            "postgres": [str(programs / "pg_dumpall"), "--roles-only", *ask],
            DATABASE: [str(programs / "pg_dump"), *ask, pattern.name],
        }
        for database, dump in copies.items():
            with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
                subprocess.run(
                    [*load, "-d", database],
                    stdin=source.stdout,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=True,
                )

    def _manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=paths.ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _environment(self) -> dict[str, str]:
        erp = f"http://{HOST}:{self.ports.erp}"
        return {
            **library_environment(),
            "DJANGO_SETTINGS_MODULE": "utilcrm.settings.test",
            "DATABASE_URL": self.cluster.url(user=LOGIN),
            "DATABASE_OWNER_URL": self.cluster.url(user=OWNER),
            "REDIS_URL": self.redis.url(database=1),
            "CELERY_BROKER_URL": self.redis.broker_url(),
            "WEB_PORT": str(self.ports.web),
            "SANDBOX_ERP_URL": erp,
            "CHAOS_ERP": f"{erp}/erp/{TENANT}/soap",
            "OUTBOX_TIMING": json.dumps(self._timing),
            "CHAOS_TIMEOUT": "2" if self._timing else "20",
        }

    def _programs(self) -> list[Program]:
        ports = self.ports
        celery = [sys.executable, "-m", "celery", "-A", "utilcrm.celery"]
        erp = [sys.executable, "-m", "sandbox.erp", "--port", str(ports.erp)]
        erp += ["--control-port", str(ports.erp_control), "--book", str(self.folder / "erp")]
        erp += ["--clients", TENANT, "--customers", f"{TENANT}=5", "--step-delay", "0.01"]
        erp += ["--callback", f"http://{HOST}:{ports.web}"]
        web = [str(paths.VENV / "bin" / "gunicorn"), "utilcrm.wsgi:application"]
        web += ["--bind", f"{HOST}:{ports.web}", "--worker-class", "gthread"]
        web += ["--workers", str(self._workers), "--threads", str(self._threads)]
        web += ["--preload", "--no-control-socket", "--timeout", "30", "--keep-alive", "75"]
        beat = [*celery, "beat", "-s", str(self.folder / "beat")]
        beat += ["--scheduler", "utilcrm.beat:ActiveTenantsScheduler", "--pidfile", ""]
        worker = [*celery, "worker", "-Q", "default,erp,mail,documents", "-c", "2"]
        worker += ["--without-gossip", "--without-mingle"]

        def program(name: str, command: list[str], is_ready: Callable[[], Any]) -> Program:
            return Program(f"chaos-{name}", command, self.environment, is_ready)

        made = {
            "postgres": program("postgres", self.cluster.command(), self.cluster.is_up),
            "redis": program("redis", self.redis.command(), self.redis.is_up),
            "erp": program("erp", erp, self._erp_is_ready),
            "web": program("web", web, self._web_is_ready),
            "beat": program("beat", beat, lambda: True),
            **{
                name: program(name, [*worker, "-n", f"{name}@%h"], lambda: True) for name in WORKERS
            },
        }
        for name, one in made.items():
            one.name = name
        return list(made.values())

    def _erp_is_ready(self) -> bool:
        return bool(self.erp.get("health")["clients"][TENANT] == "ready")

    def _web_is_ready(self) -> bool:
        line = http.client.HTTPConnection(HOST, self.ports.web, timeout=5)
        try:
            line.request("GET", "/login/", headers={"Host": f"{TENANT}.localhost"})
            return line.getresponse().status == 200
        finally:
            line.close()


def clear_after_the_dead(home: Path) -> None:
    """Give back what worlds have left that were killed; one that lives is left alone."""
    for folder in home.glob("*-chaos-*"):
        owner = folder.name.rpartition("-")[2]
        if not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _starts(program: Program) -> bool:
    # a slow one may still be coming up
    program.launch_unless_up()
    end = time.monotonic() + 5
    while time.monotonic() < end and program.pid is not None:
        if program.is_ready():
            return True
        time.sleep(0.05)
    return False


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    try:
        return [int(child) for child in tasks.read_text().split()]
    except FileNotFoundError:
        return []


_PREPARE = f"""
from django.db import connection
from django_tenants.utils import schema_context
with schema_context("{TENANT}"):
    import os
    from access.choices import Role
    from access.services.people import ensure_member_of_staff
    from access.services.roles import sync_roles
    from billing_sync.services.connecting import connect_endpoint
    from django.contrib.auth.hashers import make_password
    from premises.services.seeding import seed_market
    sync_roles()
    seed_market("GB")
    ensure_member_of_staff(username="{PERSON}", password_hash=make_password("{PASSWORD}"),
        first_name="Alice", last_name="Chaos", email="alice@unified.example",
        roles=[Role.PHONE_SALES_AGENT], extension="", is_staff=False)
    connect_endpoint(url=os.environ["CHAOS_ERP"], client="{TENANT}", **{ERP_USER!r}, **{CRM_USER!r})
    from billing_sync.models import ErpEndpoint
    ErpEndpoint.objects.update(read_timeout=int(os.environ["CHAOS_TIMEOUT"]))
"""
