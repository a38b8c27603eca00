"""The work of a download, chain by chain, as `billing_sync.choices.STAGES` orders it."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django_tenants.utils import tenant_context

from billing_sync.choices import STAGES, ObjectType
from billing_sync.gateway.pages import read_page
from billing_sync.services.loading import load_objects
from billing_sync.services.searching import index_accounts_after, index_premises_after
from tenants.models import Tenant

Pages = Mapping[str, Sequence[bytes]]

_INDEX = {
    ObjectType.SEARCH_ACCOUNTS: index_accounts_after,
    ObjectType.SEARCH_PREMISES: index_premises_after,
}
_TICKS = os.sysconf("SC_CLK_TCK")


class Took(NamedTuple):
    """What one type came to: objects, seconds by the clock, and of both processors' work."""

    object_type: str
    seen: int
    created: int
    rejected: int
    seconds: float
    ended: float
    python: float
    postgres: float


def run_all(pages: Pages, *, tenant: Tenant, size: int) -> list[Took]:
    """
    Load everything as the workers do: the chains of a stage side by side, one process for each.

    The pages are in memory already.
    """
    took: list[Took] = []
    for chains in STAGES:
        # A child must not inherit the connection.
        connection.close()
        helpers = [_start(chain, pages, tenant, size) for chain in chains[1:]]
        took += _run(chains[0], pages, size)
        for process, results in helpers:
            took += results.recv()
            process.join()
    return took


def _start(
    chain: Sequence[str], pages: Pages, tenant: Tenant, size: int
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(chain, pages, tenant, size, theirs)
    )
    process.start()
    theirs.close()
    return process, ours


def _work(
    chain: Sequence[str], pages: Pages, tenant: Tenant, size: int, results: Connection
) -> None:
    with tenant_context(tenant):
        results.send(_run(chain, pages, size))
    connection.close()


def _run(chain: Sequence[str], pages: Pages, size: int) -> list[Took]:
    took: list[Took] = []
    backend = _backend()
    for code in chain:
        started, python, postgres = time.perf_counter(), time.process_time(), _cpu(backend)
        done = _index(ObjectType(code), size) if code in _INDEX else load(code, pages[code])
        ended = time.perf_counter()
        took.append(
            Took(
                str(code),
                *done,
                ended - started,
                ended,
                time.process_time() - python,
                _cpu(backend) - postgres,
            )
        )
    return took


def load(object_type: str, envelopes: Sequence[bytes]) -> tuple[int, int, int]:
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


def _index(object_type: ObjectType, size: int) -> tuple[int, int, int]:
    total = last = 0
    while True:
        with transaction.atomic():
            last, count = _INDEX[object_type](last, size)
        total += count
        if count < size:
            return total, 0, 0


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu(process: int) -> float:
    """Return the processor seconds of a backend; nought where it runs on another machine."""
    try:
        figures = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(figures[11]) + int(figures[12])) / _TICKS
