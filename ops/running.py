"""Commands beside `up` and `test`: what runs, stopping it, management commands, measurements."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ops import assets, bringing_up, packages, paths, stack
from ops.environment import HOST, WANTED, Ports, is_given, stack_environment
from ops.installing import collect_static, install
from ops.locks import exclusive, holder
from ops.postgres import LOGIN, OWNER, Cluster
from ops.redis import Server
from ops.supervisor import Supervisor

_STOP_SECONDS = 60

# These change tables or roles, so they need the owner of the database.
_OWNERS_COMMANDS = {
    "bare_tenants", "clone_tenant", "createsuperuser", "create_tenant", "demo",
    "make_ordered_tenants", "makemigrations", "migrate", "migrate_schemas", "showmigrations",
    "sqlmigrate",
}  # fmt: skip


def _state() -> dict[str, Any] | None:
    """Return what the running stack says about itself, or nothing when none runs."""
    if holder(bringing_up.LOCK) is None:
        return None
    if not stack.STATE.exists():
        return {}
    state: dict[str, Any] = json.loads(stack.STATE.read_text())
    return state


def _describe(state: dict[str, Any]) -> dict[str, Any]:
    ports = state["ports"]
    demo = json.loads(stack.DEMO.read_text())
    tenants = [
        {"code": code, "name": name, "url": f"http://{code}.localhost:{ports['web']}/"}
        for code, name in demo["tenants"].items()
    ]
    users = [
        {"tenant": code, "password": demo["password"], **user}
        for code in demo["tenants"]
        for user in demo["users"]
    ]
    addresses = {name: f"http://{HOST}:{port}/" for name, port in ports.items()}
    controls = {
        name: f"{addresses[name]}control/"
        for name in ("mail", "telephone", "register", "archive", "suppliers")
    }
    sandbox = {
        "erp": {"url": addresses["erp"], "control": f"{addresses['erp_control']}control/"},
        "mail": {
            "url": addresses["mail"],
            "control": controls["mail"],
            "smtp": f"{HOST}:{ports['smtp']}",
            "imap": f"{HOST}:{ports['imap']}",
            "scanner": f"{HOST}:{ports['scanner']}",
        },
        "telephone": {"url": addresses["telephone"], "control": controls["telephone"]},
        "archive": {"url": addresses["archive"], "control": controls["archive"]},
        "register": {"url": addresses["register"], "control": controls["register"]},
        "suppliers": {"url": addresses["suppliers"], "control": controls["suppliers"]},
    }
    platform = {
        "url": f"http://platform.localhost:{ports['web']}/",
        "username": demo["platform_admin"],
        "password": demo["password"],
    }
    return {
        "state": "running",
        "url": tenants[0]["url"],
        "tenants": tenants,
        "users": users,
        "platform": platform,
        "sandbox": sandbox,
        **state,
    }


def status(*, as_json: bool) -> int:
    """Print where everything is and who may log in; the exit code is 1 when nothing runs."""
    state = _state()
    facts: dict[str, Any]
    facts = _describe(state) if state else {"state": "stopped" if state is None else "starting"}
    if as_json:
        print(json.dumps(facts, indent=2))
    elif not state:
        print(facts["state"])
    else:
        for tenant in facts["tenants"]:
            print(f"{tenant['url']:<40}{tenant['name']}")
        for name, system in facts["sandbox"].items():
            print(f"{system['url']:<40}sandbox {name}")
        print(f"password of every log-in: {facts['platform']['password']}")
        print(" ".join(sorted({user["username"] for user in facts["users"]})))
    return 0 if state else 1


def stop() -> int:
    """Stop the stack that another terminal brought up, and the tests' PostgreSQL."""
    test_cluster = Cluster("pg-test", durable=False)
    if paths.PYTHON.exists():
        test_cluster.forget()
    held_by = holder(bringing_up.LOCK)
    if held_by is None:
        print("nothing runs")
        return 0
    process = int(held_by)
    os.kill(process, signal.SIGTERM)
    end = time.monotonic() + _STOP_SECONDS
    while holder(bringing_up.LOCK) is not None:
        if time.monotonic() > end:
            print(f"process {process} does not stop", file=sys.stderr)
            return 1
        time.sleep(0.1)
    print("stopped")
    return 0


def follow_logs(names: list[str]) -> int:
    """Follow the logs of some processes, or of all, until Ctrl-C."""
    files = [str(paths.LOGS / f"{name}.log") for name in names]
    files = files or sorted(map(str, paths.LOGS.glob("*.log")))
    return subprocess.run(["tail", "-n", "20", "-F", *files], check=False).returncode


def lock() -> int:
    """Write the locks of Python and npm packages anew."""
    packages.ensure_environment()
    packages.lock()
    assets.lock()
    return 0


@contextmanager
def _stores() -> Iterator[dict[str, str]]:
    """Give the environment of the running stack; where none runs, of stores for this command."""
    cluster, redis = Cluster("pg"), Server("redis")
    state = _state()
    ports = Ports(**state["ports"]) if state else WANTED
    variables = stack_environment(ports, cluster=cluster, redis=redis)
    if state is not None:
        yield variables
        return
    supervisor = Supervisor()
    with exclusive(bringing_up.LOCK, wait=False, note=bringing_up.note()):
        try:
            bringing_up.start_stores(supervisor, cluster, redis, variables)
            yield variables
        finally:
            supervisor.stop()


def manage(arguments: list[str]) -> int:
    """Run a Django management command; PostgreSQL and Redis come up for it where they are not."""
    install()
    with _stores() as variables:
        if arguments and arguments[0] in _OWNERS_COMMANDS:
            variables["UTILCRM_AS_OWNER"] = "1"
        command = [str(paths.PYTHON), "manage.py", *arguments]
        return subprocess.run(command, cwd=paths.ROOT, env=variables, check=False).returncode


def bench(arguments: list[str]) -> int:
    """Run `main` of a module in `benchmarks`, on a database of its own beside the demo's."""
    modules = (paths.ROOT / "benchmarks").glob("[a-z]*.py")
    names = sorted(path.stem for path in modules)
    if not arguments or arguments[0] not in names:
        print(f"Which one? {' '.join(names)}", file=sys.stderr)
        return 2
    install()
    with _stores() as variables:
        if not is_given("DATABASE_URL"):
            cluster = Cluster("pg")
            cluster.make_database("bench")
            variables["DATABASE_URL"] = cluster.url(user=LOGIN, database="bench")
            variables["DATABASE_OWNER_URL"] = cluster.url(user=OWNER, database="bench")
        collect_static(variables)
        bringing_up.manage("migrate_schemas", "--verbosity=0", variables=variables)
        bringing_up.manage("bare_tenants", variables=variables)
        start = f"import sys; from benchmarks import {arguments[0]} as it; sys.exit(it.main())"
        command = [str(paths.PYTHON), "-c", start, *arguments[1:]]
        variables["UTILCRM_AS_OWNER"] = "1"
        return subprocess.run(command, cwd=paths.ROOT, env=variables, check=False).returncode
