"""
How fast the initial download loads, once the ERP's answers are in memory.

    python3 run.py bench download --customers 10000

Starts a sandbox ERP with a book of its own, fetches every page over SOAP and keeps the XML, then
parses and loads page by page into a fresh tenant, type by type, and brings the search index up to
date. Prints objects and customers a second; a second pass over the same pages must create nothing.

The exit code is 1 if customers (business partner, contacts, contract account) came in more slowly
than 2,000 a second, or if the second pass created anything.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from billing_sync.choices import SEARCH_TYPES, ObjectType
from billing_sync.gateway.client import ErpGateway
from billing_sync.gateway.pages import read_page
from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.loading import load_objects
from billing_sync.services.searching import index_accounts_after, index_premises_after
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


@contextmanager
def _sandbox(customers: int) -> Iterator[str]:
    """Run a sandbox ERP with a book of this size and yield its SOAP address."""
    with tempfile.TemporaryDirectory() as book:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "sandbox.erp", "--port", "0", "--book", book,
                "--clients", "unified", "--customers", f"unified={customers}",
            ],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.match(r"LISTENING (\d+)", line)
            if found is None:
                raise RuntimeError(f"the sandbox ERP said {line!r}")
            yield f"http://127.0.0.1:{found[1]}/erp/unified/soap"
        finally:
            process.kill()
            process.wait()


def _fetch(object_type: str) -> list[bytes]:
    """Return the envelopes of all pages of a type."""
    gateway = ErpGateway.of_tenant()
    envelopes: list[bytes] = []
    after = ""
    while True:
        envelope = gateway.page_envelope(object_type=object_type, after=after, size=PAGE)
        envelopes.append(envelope)
        after = read_page(envelope, object_type=object_type).next_key
        if not after:
            return envelopes


def _load(object_type: str, envelopes: Sequence[bytes]) -> tuple[int, int, int]:
    """Parse and load; return how many objects were read, created and rejected."""
    seen = created = rejected = 0
    for envelope in envelopes:
        page = read_page(envelope, object_type=object_type)
        with transaction.atomic():
            loaded = load_objects(object_type, page.objects)
        seen += len(page.objects)
        created += loaded.created
        rejected += len(loaded.rejects)
    return seen, created, rejected


def _index(step: Callable[[int, int], tuple[int, int]]) -> int:
    total = last = 0
    while True:
        last, count = step(last, PAGE)
        total += count
        if count < PAGE:
            return total


def _fresh_tenant() -> Tenant:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _measure() -> bool:
    pages = {code: _fetch(code) for code in ObjectType if code not in SEARCH_TYPES}
    spent: dict[str, float] = {}
    customers = 0
    for code, envelopes in pages.items():
        started = time.perf_counter()
        seen, created, rejected = _load(code, envelopes)
        spent[code] = time.perf_counter() - started
        if code == ObjectType.BUSINESS_PARTNER:
            customers = seen
        _say(
            f"{code:20} {seen:8} read {created:8} new {rejected:5} rejected"
            f" {spent[code]:7.2f} s {seen / max(spent[code], 1e-6):8.0f}/s"
        )
    for code, step in (
        (ObjectType.SEARCH_ACCOUNTS, index_accounts_after),
        (ObjectType.SEARCH_PREMISES, index_premises_after),
    ):
        started = time.perf_counter()
        count = _index(step)
        spent[code] = time.perf_counter() - started
        _say(f"{code:20} {count:8} indexed {spent[code]:7.2f} s")
    again = sum(_load(code, envelopes)[1] for code, envelopes in pages.items())
    rate = customers / sum(spent[code] for code in CUSTOMER_TYPES)
    whole = customers / sum(spent.values())
    _say(f"customers (partner, contacts, contract account): {rate:.0f}/s, limit {LIMIT}/s")
    _say(f"with sites, meters, contracts, bills and search index: {whole:.0f}/s")
    _say(f"a second pass created {again}")
    return rate >= LIMIT and again == 0


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
    with _sandbox(chosen.customers) as url, tenant_context(tenant):
        sync_roles()
        connect_endpoint(
            url=url,
            client="unified",
            username="erp",
            password="erp-secret",  # noqa: S106 - the sandbox guards nothing
            callback_username="crm",
            callback_password="crm-secret",  # noqa: S106
        )
        return 0 if _measure() else 1
