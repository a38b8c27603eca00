"""A fresh tenant with everything that a sandbox ERP of a given size has."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from billing_sync.choices import SEARCH_TYPES, ObjectType
from billing_sync.gateway.client import ErpGateway
from billing_sync.models import ErpEndpoint
from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.following.polling import set_out
from billing_sync.services.loading import load_objects
from billing_sync.services.rejecting import note_rejects
from sandbox.erp.book.store import Store
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.demo.tenants import PROFILES

CODE = "bench"
CLIENT = "unified"
PAGE = 1000
CONTRACTS_A_CUSTOMER = 1.6


@dataclass(frozen=True)
class Book:
    """The ERP's own book, as its own people see it."""

    store: Store


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def peak_mib() -> float:
    """Return the most memory that this process has had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def loaded_tenant(customers: int) -> Iterator[Book]:
    """Run a sandbox ERP of this size beside a fresh tenant that has all of it."""
    tenant = fresh_tenant()
    with (
        tempfile.TemporaryDirectory() as folder,
        started_erp(folder, customers=customers) as url,
        tenant_context(tenant),
    ):
        connect(url)
        _load_everything()
        yield Book(Store(Path(folder) / f"{CLIENT}.sqlite"))


@contextmanager
def started_erp(folder: str, *, customers: int) -> Iterator[str]:
    """Run a sandbox ERP with a book of this size; give the address of its service."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "sandbox.erp", "--port", "0", "--book", folder,
            "--clients", CLIENT, "--customers", f"{CLIENT}={customers}",
        ],
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    line = process.stdout.readline() if process.stdout else ""
    found = re.match(r"LISTENING (\d+)", line)
    try:
        if found is None:
            raise RuntimeError(f"the sandbox ERP said {line!r}")
        yield f"http://127.0.0.1:{found[1]}/erp/{CLIENT}/soap"
    finally:
        process.kill()
        process.wait()


def fresh_tenant() -> Tenant:
    """Make the tenant of a measurement, empty."""
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES[CLIENT])


def connect(url: str) -> None:
    """Let the tenant know its roles and its ERP."""
    sync_roles()
    connect_endpoint(
        url=url,
        client=CLIENT,
        username="erp",
        password="erp-secret",  # noqa: S106 - the sandbox guards nothing
        callback_username="crm",
        callback_password="crm-secret",  # noqa: S106
    )
    ErpEndpoint.objects.update(read_timeout=60)


def _load_everything() -> None:
    # a big book takes the sandbox a while to make; calls wait for it
    deadline = time.monotonic() + 600
    while True:
        try:
            ErpGateway.of_tenant().system_information(timeout=60)
            break
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(2)
    set_out()
    started = time.perf_counter()
    for object_type in ObjectType:
        if object_type in SEARCH_TYPES or object_type == ObjectType.FINANCIAL:
            continue
        gateway, after = ErpGateway.of_tenant(), ""
        while True:
            page = gateway.page(object_type=object_type, after=after, size=PAGE)
            with transaction.atomic():
                loaded = load_objects(object_type, page.objects)
                note_rejects(object_type, page.objects, loaded.rejects)
            if page.is_last:
                break
            after = page.next_key
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"both books are equal after {time.perf_counter() - started:.0f} s of loading")
