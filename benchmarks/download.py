"""
How fast the initial download loads, once the ERP's answers are in memory.

    python3 run.py bench download --customers 10000

Starts a sandbox ERP with a book of its own, fetches every page over SOAP and keeps the XML. Then
the clock runs: pages are parsed and loaded into a fresh tenant, and the search index is brought up
to date, as the workers do it: types that have nothing to do with each other side by side, in two
processes. Prints for each type objects a second, by the clock, and the processor seconds of Python
and of PostgreSQL.

Customers a second are told twice: for customers proper (business partner, contacts, contract
account), and for the whole graph. The peer is plain COPY of the very rows that were loaded, one
after the other, into unlogged copies of the tables without any index or constraint.

The exit code is 1 if customers proper came in more slowly than 2,000 a second, or if a second pass
over the same pages created anything.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence

from django.db import connection
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from benchmarks.downloading.book import fetch, sandbox
from benchmarks.downloading.chains import Took, load, run_all
from benchmarks.downloading.peer import copy_again
from billing_sync.choices import SEARCH_TYPES, ObjectType
from billing_sync.services.connecting import connect_endpoint
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.demo.tenants import PROFILES

CODE = "bench"
PAGE = 1000
LIMIT = 2000
CUSTOMER_TYPES = (ObjectType.BUSINESS_PARTNER, ObjectType.CONTRACT_ACCOUNT)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fresh_tenant() -> Tenant:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _measure(tenant: Tenant) -> bool:
    pages = {str(code): fetch(code, size=PAGE) for code in ObjectType if code not in SEARCH_TYPES}
    started = time.perf_counter()
    took = run_all(pages, tenant=tenant, size=PAGE)
    whole = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent, rows = copy_again()
    for one in took:
        _say(_line(one, spent.get(one.object_type)))
    customers = next(one.seen for one in took if one.object_type == ObjectType.BUSINESS_PARTNER)
    proper = max(one.ended for one in took if one.object_type in CUSTOMER_TYPES) - started
    peer = sum(spent[code] for code in CUSTOMER_TYPES)
    work = sum(one.python for one in took), sum(one.postgres for one in took)
    _say(f"customers (partner, contacts, contract account): {_rates(customers, proper, peer)}")
    _say(f"the whole graph, search index included: {_rates(customers, whole, sum(spent.values()))}")
    _say(
        f"{rows} rows in {whole:.1f} s; processor seconds: {work[0]:.1f} Python,"
        f" {work[1]:.1f} PostgreSQL; at most {memory} MB, the pages' XML among them"
    )
    again = sum(load(code, envelopes)[1] for code, envelopes in pages.items())
    _say(f"a second pass created {again}")
    return customers / proper >= LIMIT and again == 0


def _line(one: Took, peer: float | None) -> str:
    ratio = f" {one.seconds / peer:6.1f} x COPY" if peer and one.seen else ""
    return (
        f"{one.object_type:20} {one.seen:7} read {one.created:7} new {one.rejected:4} rejected"
        f" {one.seconds:6.2f} s {one.seen / max(one.seconds, 1e-6):7.0f}/s"
        f"  CPU {one.python:5.2f} + {one.postgres:5.2f} s{ratio}"
    )


def _rates(customers: int, seconds: float, peer: float) -> str:
    return (
        f"{customers / seconds:.0f}/s, plain COPY {customers / peer:.0f}/s,"
        f" ratio {seconds / peer:.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench download",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--customers", type=int, default=10_000)
    chosen = parser.parse_args(arguments)
    tenant = _fresh_tenant()
    with sandbox(chosen.customers) as url, tenant_context(tenant):
        sync_roles()
        connect_endpoint(
            url=url,
            client="unified",
            username="erp",
            password="erp-secret",  # noqa: S106 - the sandbox guards nothing
            callback_username="crm",
            callback_password="crm-secret",  # noqa: S106
        )
        return 0 if _measure(tenant) else 1
