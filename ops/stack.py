"""Which processes make the product up on one machine, and how each is started."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from ops import paths
from ops.environment import HOST, Ports, log_of
from ops.postgres import Cluster
from ops.redis import Server
from ops.supervisor import Service

STATE = paths.VAR / "state.json"
"""What the running stack says about itself; `status` reads it."""

DEMO = paths.VAR / "demo.json"
"""The demo's tenants and log-ins, written by `manage.py demo`."""


def _program(name: str) -> str:
    return str(paths.VENV / "bin" / name)


def _answers(port: int, path: str, host: str = HOST) -> Callable[[int], bool]:
    """Return a question: does something that is not an error come from this address?"""

    def ask(_log_start: int) -> bool:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    return ask


def _says(log: Path, words: bytes) -> Callable[[int], bool]:
    """Return a question: has the process written these words since it was started?"""

    def ask(log_start: int) -> bool:
        with log.open("rb") as file:
            file.seek(log_start)
            return words in file.read()

    return ask


def postgres(cluster: Cluster, environment: Mapping[str, str]) -> Service:
    """Return PostgreSQL; SIGINT ends its connections and stops it at once and in order."""
    return Service(
        "postgres",
        cluster.command(),
        cluster.log,
        environment,
        stop_signal=signal.SIGINT,
        patience=20,
        is_ready=lambda _log_start: cluster.is_up(),
    )


def redis(server: Server, environment: Mapping[str, str]) -> Service:
    """Return Redis."""
    return Service(
        "redis",
        server.command(),
        server.log,
        environment,
        is_ready=lambda _log_start: server.is_up(),
    )


def _sandbox(
    name: str, port: int, path: str, options: list[str], environment: Mapping[str, str]
) -> Service:
    return Service(
        f"sandbox.{name}",
        [str(paths.PYTHON), "-m", f"sandbox.{name}", "--port", str(port), *options],
        log_of(f"sandbox-{name}"),
        environment,
        patience=5,
        is_ready=_answers(port, path),
    )


def sandboxes(ports: Ports, environment: Mapping[str, str]) -> list[Service]:
    """Return the stand-ins of the outside systems, which call the product back on its port."""
    data = paths.VAR / "sandbox"
    callback = ["--callback", f"http://{HOST}:{ports.web}"]
    # The control of the ERP has a port of its own: it answers while the ERP refuses connections.
    erp = [*callback, "--control-port", str(ports.erp_control), "--book", str(data / "erp")]
    mail = ["--smtp-port", str(ports.smtp), "--imap-port", str(ports.imap)]
    mail += ["--scanner-port", str(ports.scanner), "--data", str(data)]
    telephone = [*callback, "--data", str(data)]
    archive = [*callback, "--data", str(data), "--erp", f"http://{HOST}:{ports.erp_control}"]
    register = ["--data", str(data)]
    suppliers = ["--data", str(data)]
    return [
        _sandbox("erp", ports.erp, "/control/health", erp, environment),
        _sandbox("mail", ports.mail, "/control/health", mail, environment),
        _sandbox("telephone", ports.telephone, "/control/health", telephone, environment),
        _sandbox("archive", ports.archive, "/control/health", archive, environment),
        _sandbox("register", ports.register, "/control/health", register, environment),
        _sandbox("suppliers", ports.suppliers, "/control/health", suppliers, environment),
    ]


def web(ports: Ports, environment: Mapping[str, str]) -> Service:
    """Return the web server: threads, because no ORM runs under asyncio here."""
    command = [_program("gunicorn"), "utilcrm.wsgi:application"]
    command += ["--bind", f"{os.environ.get('WEB_BIND', HOST)}:{ports.web}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"]
    command += ["--no-control-socket", "--graceful-timeout", "5", "--timeout", "60"]
    command += ["--max-requests", "20000", "--max-requests-jitter", "2000"]
    # longer than proxies and browsers keep a connection, or they write into one that closes
    command += ["--keep-alive", "75"]
    return Service(
        "web",
        command,
        log_of("web"),
        environment,
        is_ready=_answers(ports.web, "/login/", "unified.localhost"),
    )


def worker(environment: Mapping[str, str]) -> Service:
    """
    Return the Celery worker for all queues, with the clock inside.

    One machine is served well by one worker, which saves the start and the memory of three more
    processes; docker-compose.yml has a worker for each kind of work, and a clock beside them.
    """
    log = log_of("worker")
    command = [_program("celery"), "-A", "utilcrm.celery", "worker", "-n", "worker@%h"]
    command += ["-Q", "default,erp,mail,documents", "-c", "3", "-l", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--beat", "-s", str(paths.VAR / "beat")]
    command += ["--scheduler", "utilcrm.beat:ActiveTenantsScheduler"]
    return Service("worker", command, log, environment, is_ready=_says(log, b" ready."))


def tenant_maker(environment: Mapping[str, str]) -> Service:
    """Return the one process that makes schemas: it alone is connected as the owner."""
    command = [str(paths.PYTHON), "manage.py", "make_ordered_tenants", "--watch", "--skip-checks"]
    owner = {**environment, "UTILCRM_AS_OWNER": "1"}
    return Service("tenant-maker", command, log_of("tenant-maker"), owner)


def describe(ports: Ports, environment: Mapping[str, str], processes: dict[str, int]) -> None:
    """Write down where everything is, for `status` and for scripts."""
    state = {
        "pid": os.getpid(),
        "ports": vars(ports),
        "processes": processes,
        "database_url": environment["DATABASE_URL"],
        "database_owner_url": environment["DATABASE_OWNER_URL"],
        "redis_url": environment["REDIS_URL"],
        "broker_url": environment["CELERY_BROKER_URL"],
    }
    descriptor = os.open(STATE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file, indent=2)
