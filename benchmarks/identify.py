"""
How fast and how surely the one search box finds a customer.

    python3 run.py bench identify --accounts 1000000

Loads customers who do not exist into a tenant of its own, asks for some of them in every way a
caller does, exactly and mistyped, and prints for each way the share found among the first twenty,
and p50 and p95 of the SQL and of the HTTP endpoint (one gunicorn worker, htmx, logged in).

The exit code is 1 if a limit was not kept: p95 of the SQL 10 ms for identifiers and 30 ms for
names and addresses, p95 of the endpoint 25 ms more than that of the SQL.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from django.db import connection
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from benchmarks.identification.asking import KINDS
from benchmarks.identification.customers import Population
from benchmarks.identification.loading import load
from benchmarks.identification.measuring import Measured, broken_limits, lines, measure
from benchmarks.identification.serving import log_in, web_server
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.demo.tenants import PROFILES

CODE = "bench"


def _fresh_tenant() -> Tenant:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench identify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--surnames", type=int, default=60_000, help="distinct ones to draw from")
    parser.add_argument("--asked", type=int, default=150, help="questions of each kind")
    parser.add_argument("--without-http", action="store_true", help="measure the SQL only")
    given = parser.parse_args(arguments)

    population = Population(surnames=given.surnames)
    tenant = _fresh_tenant()
    with tenant_context(tenant):
        sync_roles()
        loaded, customers = load(
            population.customers(given.accounts), count=given.accounts, sample=given.asked * 20
        )
        _say(
            f"loaded {given.accounts:,} accounts and {loaded.entries:,} entries of the index in "
            f"{loaded.seconds:.0f} s: {given.accounts / loaded.seconds:,.0f} accounts/s; memory "
            f"{loaded.early_memory} MiB after a tenth, {loaded.late_memory} MiB at the end"
        )
        started = time.monotonic()
        with ExitStack() as stack:
            box = None
            if not given.without_http:
                server = web_server(host=f"{CODE}.localhost", cookie=log_in())
                box = stack.enter_context(server)
            all_measured: list[Measured] = []
            for kind in KINDS:
                measured = measure(kind, customers, asked=given.asked, box=box)
                if measured is not None:
                    all_measured.append(measured)
        _say("\n".join(lines(all_measured)))
        seconds = time.monotonic() - started
        _say(f"in milliseconds; (recall) where too little is said; {seconds:.0f} s of asking")
    broken = broken_limits(all_measured)
    _say("\n".join(["limits broken:", *broken]) if broken else "every limit kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
