"""
What the outbox costs beside a long past and a long queue, and what it adds to a SOAP call.

    python3 run.py bench outbox --done 1000000 --waiting 100000 --messages 2000 --workers 2

Fills the tables with messages that are done, and with waiting ones, of which a fifth wait behind
one lane that needs a person. Then it claims due lanes, one after the other; lets workers deliver
messages to a destination that answers at once; and lets them deliver messages of which each is one
call of the sandbox ERP's SOAP service, beside the same number of bare calls by as many processes.

The exit code is 1 if the median of a claim is above 2 ms, if a message was lost, delivered twice or
out of order, or if the drain was slower than 20 a second, which is what 130,000 messages after an
outage of six hours need.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import connection, connections, transaction
from django_tenants.utils import tenant_context

from benchmarks.sync.book import connect, fresh_tenant, say, started_erp
from billing_sync.gateway.client import ErpGateway
from events.models import Attempt, Delivery
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.handling import Done, Envelope, Handler, Outcome
from events.services.outbox import enqueue
from events.services.routing import Destination, destination_named
from tenants.models import Tenant

LANES = 200
SLOWEST_CLAIM_MS = 2
FEWEST_A_SECOND = 20
CLAIMS = 300


class AtOnce(Handler):
    """A destination that answers at once."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """Say that it is done."""
        return Done()


class BySoap(Handler):
    """A destination that takes one SOAP call a message."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """Ask the ERP who it is."""
        ErpGateway.of_tenant().system_information()
        return Done()


# The wiring of this measurement, in place of the product's.
DESTINATIONS = {
    name: Destination(name, f"benchmarks.outbox.{handler}", parallel=16)
    for name, handler in (("bench", "AtOnce"), ("soap", "BySoap"), ("queue", "AtOnce"))
}
ROUTES: dict[str, tuple[object, ...]] = {}

_PAST = """
    INSERT INTO events_lane (uuid, created_at, updated_at, destination, ordering_key, last_seq,
        done_seq, state, available_at, attempts, unknown, lease_owner, last_error_class, last_error)
    SELECT gen_random_uuid(), now(), now(), 'queue', 'done:' || n, 5, 5, 'IDLE', now(), 0, false,
        '', '', '' FROM generate_series(1, %(done)s / 5) n;
    INSERT INTO events_delivery (uuid, created_at, updated_at, destination, ordering_key, seq,
        kind, schema_version, payload, payload_sha256, requires, state, external_ref, result,
        refusal_code, refusal_field, refusal_text, done_at)
    SELECT gen_random_uuid(), now(), now(), 'queue', 'done:' || (n %% (%(done)s / 5) + 1),
        n / (%(done)s / 5) + 1, 'bench', 1, '{"n": 1}', '', '[]', 'DONE', '', '{}', '', '', '',
        now() FROM generate_series(0, %(done)s - 1) n;
"""
_QUEUE = """
    INSERT INTO events_lane (uuid, created_at, updated_at, destination, ordering_key, last_seq,
        done_seq, state, available_at, attempts, unknown, lease_owner, last_error_class, last_error)
    SELECT gen_random_uuid(), now(), now(), 'queue', 'waiting:' || n, 1, 0, 'READY',
        now() - n * interval '1 ms', 0, false, '', '', '' FROM generate_series(1, %(free)s) n;
    INSERT INTO events_lane (uuid, created_at, updated_at, destination, ordering_key, last_seq,
        done_seq, state, available_at, attempts, unknown, lease_owner, last_error_class, last_error)
    SELECT gen_random_uuid(), now(), now(), 'queue', 'parked', %(behind)s, 0, 'PARKED',
        now() - interval '1 day', 1, false, '', 'REFUSED', 'no';
    INSERT INTO events_delivery (uuid, created_at, updated_at, destination, ordering_key, seq,
        kind, schema_version, payload, payload_sha256, requires, state, external_ref, result,
        refusal_code, refusal_field, refusal_text)
    SELECT gen_random_uuid(), now(), now(), 'queue', 'waiting:' || n, 1, 'bench', 1,
        '{}'::jsonb, '', '[]'::jsonb, 'PENDING', '', '{}'::jsonb, '', '', ''
        FROM generate_series(1, %(free)s) n
    UNION ALL
    SELECT gen_random_uuid(), now(), now(), 'queue', 'parked', n, 'bench', 1, '{}', '', '[]',
        CASE n WHEN 1 THEN 'PARKED' ELSE 'PENDING' END, '', '{}', '', '',
        CASE n WHEN 1 THEN 'no' ELSE '' END FROM generate_series(1, %(behind)s) n;
    ANALYZE events_lane; ANALYZE events_delivery;
"""


def _fill(done: int, waiting: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PAST, {"done": done})
        behind = waiting // 5
        cursor.execute(_QUEUE, {"free": waiting - behind, "behind": behind})


def _claims() -> list[float]:
    """Claim due lanes, each taken back, and return how long each took (ms)."""
    taken = []
    for _n in range(CLAIMS):
        with transaction.atomic():
            began = time.perf_counter()
            claim_next(destination_named("queue"))
            taken.append((time.perf_counter() - began) * 1000)
            transaction.set_rollback(True)
    return sorted(taken)


def _in_processes(number: int, work: Callable[[Tenant], None], tenant: Tenant) -> float:
    fork = multiprocessing.get_context("fork")
    connections.close_all()
    processes = [fork.Process(target=work, args=[tenant]) for _n in range(number)]
    began = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return time.perf_counter() - began


def _draining(name: str) -> Callable[[Tenant], None]:
    def work(tenant: Tenant) -> None:
        settings.EVENT_ROUTES = "benchmarks.outbox"
        connections.close_all()
        with tenant_context(tenant):
            drain(name, budget=600)
        connections.close_all()

    return work


def _calling(calls: int) -> Callable[[Tenant], None]:
    def work(tenant: Tenant) -> None:
        connections.close_all()
        with tenant_context(tenant):
            gateway = ErpGateway.of_tenant()
            for _n in range(calls):
                gateway.system_information()
        connections.close_all()

    return work


def _enqueue(name: str, messages: int) -> float:
    began = time.perf_counter()
    for n in range(messages):
        with transaction.atomic():
            enqueue(destination=name, ordering_key=f"k:{n % LANES}", kind="bench", payload={"n": n})
    return messages / (time.perf_counter() - began)


def _is_right(name: str, messages: int) -> bool:
    order: dict[str, list[int]] = defaultdict(list)
    rows = (
        Attempt.objects.filter(delivery__destination=name)
        .order_by("started_at", "pk")
        .values_list("delivery__ordering_key", "delivery__seq")
    )
    for key, seq in rows:
        order[key].append(seq)
    in_order = all(seqs == list(range(1, len(seqs) + 1)) for seqs in order.values())
    done = Delivery.objects.filter(destination=name, state="DONE").count()
    say(f"{name}: {messages} enqueued, {done} done, each once and in order: {in_order}")
    return in_order and done == messages


def _measure(tenant: Tenant, chosen: argparse.Namespace) -> bool:
    _fill(chosen.done, chosen.waiting)
    claims = _claims()
    median = statistics.median(claims)
    say(
        f"one claim beside {chosen.done} done and {chosen.waiting} waiting: "
        f"median {median:.2f} ms, 95 % {claims[int(CLAIMS * 0.95)]:.2f} ms, "
        f"limit {SLOWEST_CLAIM_MS} ms"
    )
    say(f"enqueued {_enqueue('bench', chosen.messages):.0f}/s")
    seconds = _in_processes(chosen.workers, _draining("bench"), tenant)
    rate = chosen.messages / seconds
    say(f"delivered at once {rate:.0f}/s with {chosen.workers} workers, limit {FEWEST_A_SECOND}/s")
    _enqueue("soap", chosen.messages)
    by_soap = chosen.messages / _in_processes(chosen.workers, _draining("soap"), tenant)
    calls = chosen.messages // chosen.workers
    bare = calls * chosen.workers / _in_processes(chosen.workers, _calling(calls), tenant)
    say(f"by SOAP {by_soap:.0f}/s, bare calls {bare:.0f}/s, ratio {bare / by_soap:.2f}")
    right = [_is_right(name, chosen.messages) for name in ("bench", "soap")]
    return all(right) and median <= SLOWEST_CLAIM_MS and min(rate, by_soap) >= FEWEST_A_SECOND


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench outbox",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--done", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    settings.EVENT_ROUTES = "benchmarks.outbox"
    tenant = fresh_tenant()
    with (
        tempfile.TemporaryDirectory() as folder,
        started_erp(folder, customers=10) as url,
        tenant_context(tenant),
    ):
        connect(url)
        return 0 if _measure(tenant, chosen) else 1
