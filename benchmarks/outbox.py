"""
How many messages the outbox carries, and what a long queue costs.

    python3 run.py bench outbox --messages 2000 --waiting 100000 --workers 2

Fills lanes that are not due yet (an ERP that was away for hours), then enqueues messages in lanes
of their own and lets workers drain them to a destination that answers at once. Prints messages
enqueued and delivered a second and the time of one claim.

The exit code is 1 if a message was lost, delivered twice or out of order, or if the drain was
slower than 20 a second, which is what 130,000 messages after an outage of six hours need.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, connections, transaction
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from events.models import Attempt, Delivery
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.handling import Done, Envelope, Handler, Outcome
from events.services.outbox import enqueue
from events.services.routing import Destination, destination_named
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.demo.tenants import PROFILES

CODE = "bench"
LANES = 200
LIMIT = 20


class AtOnce(Handler):
    """A destination that answers at once."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """Say that it is done."""
        return Done()


# The wiring of this measurement, in place of the product's.
DESTINATIONS = {"bench": Destination("bench", "benchmarks.outbox.AtOnce", parallel=16)}
ROUTES: dict[str, tuple[object, ...]] = {}


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fresh_tenant() -> Tenant:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _fill(waiting: int) -> None:
    """Make lanes that are due tomorrow."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO events_lane (uuid, created_at, updated_at, destination, ordering_key,
                last_seq, done_seq, state, available_at, attempts, unknown, lease_owner,
                last_error_class, last_error)
            SELECT gen_random_uuid(), now(), now(), 'bench', 'waiting:' || n, 1, 0, 'READY',
                now() + interval '1 day', 1, false, '', 'NOT_APPLIED', ''
            FROM generate_series(1, %s) n
            """,
            [waiting],
        )
        cursor.execute("ANALYZE events_lane")


def _work(tenant: Tenant) -> None:
    settings.EVENT_ROUTES = "benchmarks.outbox"
    connections.close_all()
    with tenant_context(tenant):
        drain("bench", budget=600)
    connections.close_all()


def _is_right(messages: int) -> bool:
    order: dict[str, list[int]] = defaultdict(list)
    rows = Attempt.objects.order_by("started_at", "pk").values_list(
        "delivery__ordering_key", "delivery__seq"
    )
    for key, seq in rows:
        order[key].append(seq)
    in_order = all(seqs == list(range(1, len(seqs) + 1)) for seqs in order.values())
    done = Delivery.objects.filter(state="DONE").count()
    _say(f"{messages} enqueued, {done} done, each once and in order: {in_order}")
    return in_order and done == messages


def _measure(tenant: Tenant, *, messages: int, waiting: int, workers: int) -> bool:
    _fill(waiting)
    started = time.perf_counter()
    for n in range(messages):
        with transaction.atomic():
            enqueue(
                destination="bench", ordering_key=f"k:{n % LANES}", kind="bench", payload={"n": n}
            )
    _say(f"enqueued {messages / (time.perf_counter() - started):.0f}/s")
    started = time.perf_counter()
    with transaction.atomic():
        claim_next(destination_named("bench"))
        transaction.set_rollback(True)
    _say(
        f"one claim beside {waiting} waiting lanes: {1000 * (time.perf_counter() - started):.1f} ms"
    )
    fork = multiprocessing.get_context("fork")
    connections.close_all()
    processes = [fork.Process(target=_work, args=[tenant]) for _ in range(workers)]
    started = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    rate = messages / (time.perf_counter() - started)
    _say(f"delivered {rate:.0f}/s with {workers} workers, limit {LIMIT}/s")
    return _is_right(messages) and rate >= LIMIT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench outbox",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    settings.EVENT_ROUTES = "benchmarks.outbox"
    tenant = _fresh_tenant()
    with tenant_context(tenant):
        sync_roles()
        kept = _measure(
            tenant, messages=chosen.messages, waiting=chosen.waiting, workers=chosen.workers
        )
    return 0 if kept else 1
