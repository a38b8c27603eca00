"""
How fast and how surely the one search box finds a customer.

    python3 run.py bench identify --accounts 1000000

Loads customers who do not exist into a tenant of its own, asks for some of them in every way a
caller does, exactly and mistyped, and prints for each way the share found among the first twenty,
and p50 and p95 of the SQL and of the HTTP endpoint (one gunicorn worker, htmx, logged in). Each
question counts with the median of several rounds, on an index that has been read into memory; p95
of the first round stands in brackets. What was loaded is dropped at the end.

The exit code is 1 if a limit was not kept: p95 of the SQL 10 ms for identifiers and 30 ms for
names and addresses, p95 of the endpoint 25 ms more than that of the SQL.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from django.db import connection
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from benchmarks.identification.asking import KINDS
from benchmarks.identification.customers import Customer, Population
from benchmarks.identification.loading import load, pick
from benchmarks.identification.measuring import Measured, broken_limits, heading, line, measure
from benchmarks.identification.serving import log_in, web_server
from benchmarks.identification.warming import read_index
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.demo.tenants import PROFILES

CODE = "benchidentify"
_WARM_UPS = 3


def _drop_tenant() -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")


def _fresh_tenant() -> Tenant:
    _drop_tenant()
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py bench identify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--surnames", type=int, default=60_000, help="distinct ones to draw from")
    parser.add_argument("--asked", type=int, default=150, help="questions of each kind")
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked")
    parser.add_argument("--without-http", action="store_true", help="measure the SQL only")
    parser.add_argument(
        "--keep", action="store_true", help="leave the customers for a run with --again"
    )
    parser.add_argument(
        "--again", action="store_true", help="ask of what a run with the same numbers has kept"
    )
    return parser.parse_args(arguments)


def _load(given: argparse.Namespace, population: Population) -> None:
    loaded = load(population, count=given.accounts)
    seconds = loaded.copying + loaded.indexing
    _say(
        f"loaded {given.accounts:,} accounts and {loaded.entries:,} entries of the index in "
        f"{seconds:.0f} s, {loaded.indexing:.0f} s of them for indexes and statistics: "
        f"{given.accounts / seconds:,.0f} accounts/s; memory of the loader "
        f"{loaded.early_memory} MiB after a tenth, {loaded.late_memory} MiB at the end"
    )


def _ask(given: argparse.Namespace, customers: Sequence[Customer]) -> list[Measured]:
    all_measured: list[Measured] = []
    with ExitStack() as stack:
        box = None
        if not given.without_http:
            box = stack.enter_context(web_server(host=f"{CODE}.localhost", cookie=log_in()))
        # Plans are made once a connection, and the web server's threads have one each.
        for kind in KINDS * _WARM_UPS:
            measure(kind, customers, asked=1, box=box)
        _say(f"load of the machine before measuring: {os.getloadavg()[0]:.1f}")
        _say(heading())
        for kind in KINDS:
            read_index()
            measured = measure(kind, customers, asked=given.asked, box=box, rounds=given.rounds)
            if measured is not None:
                all_measured.append(measured)
                _say(line(measured))
    _say("in milliseconds; recall in brackets where too little is said to expect the customer")
    _say(f"load of the machine after measuring: {os.getloadavg()[0]:.1f}")
    return all_measured


def _measure(given: argparse.Namespace, tenant: Tenant) -> list[str]:
    population = Population(surnames=given.surnames)
    with tenant_context(tenant):
        if not given.again:
            sync_roles()
            _load(given, population)
        read = read_index()
        _say(f"read {read:,} MiB of the index into memory" if read else "the index was not warmed")
        customers = pick(population, given.accounts, sample=given.asked * 20)
        return broken_limits(_ask(given, customers))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    given = _arguments(arguments)
    tenant = Tenant.objects.get(schema_name=CODE) if given.again else _fresh_tenant()
    try:
        broken = _measure(given, tenant)
    finally:
        if not given.keep:
            _drop_tenant()
    _say("\n".join(["limits broken:", *broken]) if broken else "every limit kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
