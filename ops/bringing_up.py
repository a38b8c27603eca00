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

_DEMO_SOURCES = (
    "*/migrations/*.py",
    "*/services/seeding.py",
    "access/roles.py",
    "access/services/*.py",
    "products/services/load_profiles.py",
    "tenants/services/*.py",
    "utilcrm/demo/**/*.py",
)


class Interrupted(Exception):
    """Somebody asked us to stop: Ctrl-C, `run.py stop`, or the machine going down."""


def _interrupt(_number: int, _frame: object) -> None:
    raise Interrupted


def note() -> str:
    """Return what the lock says about its holder: the process to ask to stop."""
    return str(os.getpid())


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
    with exclusive(LOCK, wait=False, note=note()):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        supervisor = Supervisor()
        try:
            ports, variables = _start(supervisor, wanted)
            while True:
                time.sleep(0.5)
                if lines := supervisor.check():
                    say("\n".join(f"  {line}" for line in lines))
                    stack.describe(ports, variables, supervisor.process_ids())
        except Interrupted:
            say("\nstopping …")
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            stack.STATE.unlink(missing_ok=True)
            say("stopped")


def _start(supervisor: Supervisor, wanted: Ports) -> tuple[Ports, dict[str, str]]:
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
        base = _base(cluster, variables)
        is_first = not stack.DEMO.exists()
        timed("tables", lambda: _migrate(base, variables))
        static.result()
        # These import for seconds, while the demo is made on the other processor.
        product = supervisor.launch(stack.worker(variables), stack.web(ports, variables))
        timed("sandbox", lambda: supervisor.wait(outside))
        timed("demo tenants", lambda: _demo(base, variables))
    timed("web and worker", lambda: supervisor.wait(product))
    # Nobody waits for it: it is needed when a tenant is ordered.
    supervisor.launch(stack.tenant_maker(variables))
    stack.describe(ports, variables, supervisor.process_ids())
    _print_ready(ports, time.monotonic() - begin, is_first=is_first)
    return ports, variables


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


def _base(cluster: Cluster, variables: dict[str, str]) -> str:
    """Return what tells this database from every other."""
    if environment.is_given("DATABASE_URL"):
        return variables["DATABASE_OWNER_URL"]
    return cluster.sql("SELECT system_identifier FROM pg_control_system()")


def _migrate(base: str, variables: dict[str, str]) -> bool:
    """Bring every schema up to date; nothing to do when no migration has changed since."""
    migrations = [*paths.ROOT.glob("*/migrations/*.py"), packages.LOCKS / "app.txt"]
    value = stamps.fingerprint(migrations, base)
    if stamps.is_current("migrations", value):
        return False
    manage("migrate_schemas", "--verbosity=0", variables=variables)
    stamps.remember("migrations", value)
    return True


def _demo(base: str, variables: dict[str, str]) -> bool:
    """Make the demo tenants; nothing to do when neither they nor the sandbox have moved."""
    sources = [path for pattern in _DEMO_SOURCES for path in paths.ROOT.glob(pattern)]
    addresses = [value for name, value in variables.items() if name.startswith("SANDBOX_")]
    value = stamps.fingerprint(sources, base, *addresses)
    if stamps.is_current("demo", value) and stack.DEMO.exists():
        return False
    manage("demo", variables=variables)
    stamps.remember("demo", value)
    return True


def _print_ready(ports: Ports, seconds: float, *, is_first: bool) -> None:
    demo = json.loads(stack.DEMO.read_text())
    sites = [
        (f"http://{code}.localhost:{ports.web}/", name) for code, name in demo["tenants"].items()
    ]
    machines = [
        (f"http://127.0.0.1:{ports.telephone}/", "let a customer call"),
        (f"http://127.0.0.1:{ports.mail}/", "read what customers receive"),
        (f"http://127.0.0.1:{ports.erp_control}/control/ledger", "what the ERP has accepted"),
        (f"http://127.0.0.1:{ports.register}/", "what the market's register has been told"),
        (f"http://platform.localhost:{ports.web}/", f"platform, as {demo['platform_admin']}"),
    ]
    people = [
        (f"{user['username']}", user["role"].replace("_", " ").lower()) for user in demo["users"]
    ]
    say(f"\nREADY in {seconds:.0f} s\n\n{_columns(sites)}\n{_columns(machines)}")
    say(f"Log in with the password {demo['password']} as\n{_columns(people, width=12)}")
    if is_first:
        say(f"Customers are coming in from the ERP now: {sites[0][0]}sync/downloads/ as sarah\n")
    say("Logs: python3 run.py logs     Stop: Ctrl-C or python3 run.py stop")


def _columns(rows: list[tuple[str, str]], *, width: int = 46) -> str:
    return "".join(f"  {left:<{width}}{right}\n" for left, right in rows)
