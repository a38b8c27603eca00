"""`run.py up`: from a bare checkout to a page that answers, and down again."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ops import environment, packages, paths, stack, stamps
from ops.commands import run
from ops.environment import Ports, stack_environment
from ops.installing import collect_static, install, say, timed
from ops.locks import exclusive
from ops.postgres import Cluster
from ops.redis import Server
from ops.supervisor import Supervisor

LOCK = "up"


class Interrupted(Exception):
    """Somebody asked us to stop: Ctrl-C, `run.py stop`, or the machine going down."""


def _interrupt(_number: int, _frame: object) -> None:
    raise Interrupted


def note(wanted: Ports) -> str:
    """Return what the lock says about its holder."""
    return json.dumps({"pid": os.getpid(), "url": f"http://unified.localhost:{wanted.web}/"})


def up(*, web_port: int | None) -> int:
    """
    Install, start everything, stay until asked to stop; return the exit code.

    :raises Busy: when the stack of this checkout runs already
    :raises CommandFailed: when a step of the set-up fails
    :raises ServiceFailed: when a process cannot be kept running
    """
    wanted = environment.WANTED
    if web_port is not None:
        wanted = replace(wanted, web=web_port)
    with exclusive(LOCK, wait=False, note=note(wanted)):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        supervisor = Supervisor()
        try:
            _start(supervisor, wanted)
            _watch(supervisor)
        except Interrupted:
            say("\nstopping …")
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            stack.STATE.unlink(missing_ok=True)
            say("stopped")
    return 0


def _start(supervisor: Supervisor, wanted: Ports) -> None:
    begin = time.monotonic()
    say("UtilCRM")
    install()
    ports = environment.free_ports(wanted)
    cluster, redis = Cluster("pg"), Server("redis")
    variables = stack_environment(ports, cluster=cluster, redis=redis)
    with ThreadPoolExecutor(1) as aside:
        static = aside.submit(timed, "static files", lambda: collect_static(variables))
        outside = supervisor.launch(*stack.sandboxes(ports, variables))
        timed("PostgreSQL and Redis", lambda: start_stores(supervisor, cluster, redis, variables))
        timed("tables", lambda: _migrate(cluster, variables))
        timed("sandbox", lambda: supervisor.wait(outside))
        timed("demo tenants", lambda: manage("demo", variables=variables))
        static.result()
    timed("web, workers, beat", lambda: _start_product(supervisor, ports, variables))
    stack.describe(ports, variables, supervisor.process_ids())
    _print_ready(ports, time.monotonic() - begin)


def start_stores(
    supervisor: Supervisor, cluster: Cluster, redis: Server, variables: dict[str, str]
) -> None:
    """
    Start PostgreSQL and Redis, except where the caller's are to be used, and make log-in and base.

    :raises ServiceFailed: when one does not start
    """
    services = []
    if not environment.is_given("DATABASE_URL"):
        cluster.prepare()
        services.append(stack.postgres(cluster, variables))
    if not environment.is_given("REDIS_URL"):
        services.append(stack.redis(redis, variables))
    supervisor.start(*services)
    if not environment.is_given("DATABASE_URL"):
        cluster.make_login()
        cluster.make_database()
    elif not environment.is_given("DATABASE_OWNER_URL"):
        run([str(paths.PYTHON), "-m", "ops.login_role"], environment=variables)


def manage(*arguments: str, variables: dict[str, str]) -> None:
    """
    Run a management command as the owner of the database.

    :raises CommandFailed: when it fails
    """
    owner = {**variables, "UTILCRM_AS_OWNER": "1"}
    run([str(paths.PYTHON), "manage.py", *arguments, "--skip-checks"], environment=owner)


def _migrate(cluster: Cluster, variables: dict[str, str]) -> bool:
    """Bring every schema up to date; nothing to do when no migration has changed since."""
    migrations = [*paths.ROOT.glob("*/migrations/*.py"), packages.LOCKS / "app.txt"]
    which = variables["DATABASE_OWNER_URL"]
    if not environment.is_given("DATABASE_URL"):
        which = cluster.sql("SELECT system_identifier FROM pg_control_system()")
    value = stamps.fingerprint(migrations, which)
    if stamps.is_current("migrations", value):
        return False
    manage("migrate_schemas", "--verbosity=0", variables=variables)
    stamps.remember("migrations", value)
    return True


def _start_product(supervisor: Supervisor, ports: Ports, variables: dict[str, str]) -> None:
    supervisor.start(*stack.workers(variables), stack.web(ports, variables))


def _print_ready(ports: Ports, seconds: float) -> None:
    demo = json.loads(stack.DEMO.read_text())
    say(f"\nREADY in {seconds:.0f} s\n")
    for code, name in demo["tenants"].items():
        say(f"  http://{code}.localhost:{ports.web}/".ljust(40) + name)
    people = ", ".join(f"{user['username']} ({user['role']})" for user in demo["users"])
    say(f"\n  Log in as {people}\n  Password  {demo['password']}")
    say(f"  Platform  http://platform.localhost:{ports.web}/ as {demo['platform_admin']}")
    say(f"  Mail      http://127.0.0.1:{ports.mail}/   what customers receive")
    say(f"  Telephone http://127.0.0.1:{ports.telephone}/   let a customer call")
    say(f"  ERP       http://127.0.0.1:{ports.erp_control}/control/ledger")
    say("  Logs      python3 run.py logs    Stop: Ctrl-C or python3 run.py stop\n")


def _watch(supervisor: Supervisor) -> None:
    """
    Start again what dies, until somebody interrupts.

    :raises ServiceFailed: when a process keeps dying
    """
    while True:
        time.sleep(0.5)
        for line in supervisor.check():
            say(f"  {line}")
