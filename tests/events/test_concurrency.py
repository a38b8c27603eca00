"""Many workers and real connections: nothing twice, nothing lost, nobody left asleep."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from events.choices import DeliveryState, LaneState
from events.models import Delivery, Lane
from events.services import claiming
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.handling import Awaiting, Done
from events.services.outbox import enqueue
from events.services.routing import destination_named
from events.services.settling import confirm
from events.services.sweeping import sweep
from ops.redis import Server
from tenants.models import Tenant
from tests.events.wiring import Ledger


def put(key: str, *, requires=()) -> Delivery:
    with transaction.atomic():
        return enqueue(
            destination="far", ordering_key=key, kind="test", payload={}, requires=requires
        )


def at_once(tenant: Tenant, *works: Callable[[], object]) -> None:
    """Run each in a thread and on a connection of its own, all starting together."""
    together = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            connection.set_tenant(tenant)
            together.wait()
            work()
        except BaseException as exc:
            failures.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_four_workers_deliver_each_message_once_and_each_lane_in_order(
    real_commits, ledger: Ledger, tenant: Tenant
) -> None:
    messages = [put(f"k:{n % 12}") for n in range(120)]

    at_once(tenant, *[lambda: drain("far", budget=30)] * 4)

    assert Counter(one.delivery_id for one in ledger.delivered) == Counter(
        one.uuid for one in messages
    )
    for n in range(12):
        order = [one.delivery_id for one in ledger.delivered if one.ordering_key == f"k:{n}"]
        assert order == [one.uuid for one in messages if one.ordering_key == f"k:{n}"]


def test_producers_at_the_same_moment_leave_no_gap_in_a_lane(
    real_commits, ledger: Ledger, tenant: Tenant
) -> None:
    def produce() -> None:
        for _ in range(25):
            put("k:1")

    at_once(tenant, *[produce] * 4)

    assert sorted(Delivery.objects.values_list("seq", flat=True)) == list(range(1, 101))
    drain("far", budget=30)
    assert [one.delivery_id for one in ledger.delivered] == list(
        Delivery.objects.order_by("seq").values_list("uuid", flat=True)
    )


@pytest.mark.parametrize("attempt", range(8))
def test_a_lane_put_aside_while_what_it_waits_for_finishes_is_still_woken(
    real_commits, ledger: Ledger, tenant: Tenant, attempt: int
) -> None:
    ledger.answers.append(Awaiting())
    partner = put("partner:1")
    drain("far")
    put("contract:1", requires=[("far", "partner:1", partner.seq)])

    # one worker finds the contract blocked while the partner's confirmation comes in
    at_once(
        tenant,
        lambda: claim_next(destination_named("far")),
        lambda: confirm(partner.uuid, Done()),
    )

    lane = Lane.objects.get(ordering_key="contract:1")
    assert lane.state in {LaneState.READY, LaneState.LEASED}


def test_the_finisher_waits_for_a_worker_that_is_about_to_put_a_lane_aside(
    real_commits, ledger: Ledger, tenant: Tenant
) -> None:
    ledger.answers.append(Awaiting())
    partner = put("partner:1")
    drain("far")
    contract = put("contract:1", requires=[("far", "partner:1", partner.seq)])
    lane = claiming._lease(destination_named("far"))
    assert lane is not None
    confirmed = threading.Event()

    def confirm_meanwhile() -> None:
        connection.set_tenant(tenant)
        confirm(partner.uuid, Done())
        confirmed.set()
        connection.close()

    with transaction.atomic():
        # this side has read that the partner is not done, and has not yet said that it waits
        assert claiming._blocked(lane, contract)
        thread = threading.Thread(target=confirm_meanwhile)
        thread.start()
        assert not confirmed.wait(0.5)
    thread.join()

    assert Lane.objects.get(ordering_key="contract:1").state == LaneState.READY


def test_a_lane_that_was_forgotten_is_found_by_the_sweep(real_commits, ledger: Ledger) -> None:
    first = put("partner:1")
    put("contract:1", requires=[("far", "partner:1", first.seq)])
    drain("far")
    Lane.objects.filter(ordering_key="contract:1").update(done_seq=0, state=LaneState.READY)
    Delivery.objects.filter(ordering_key="contract:1").update(
        state=DeliveryState.PENDING, done_at=None
    )
    Lane.objects.filter(ordering_key="contract:1").update(
        state=LaneState.BLOCKED,
        blocked_on=Lane.objects.get(ordering_key="partner:1"),
        blocked_until_seq=1,
    )

    assert "far" in sweep()

    assert Lane.objects.get(ordering_key="contract:1").state == LaneState.READY


def test_a_message_of_a_worker_that_died_is_asked_about_and_finished(
    real_commits, ledger: Ledger
) -> None:
    message = put("k:1")
    assert claim_next(destination_named("far")) is not None
    ledger.answers_to_queries.append(Done(external_ref="1"))
    Lane.objects.update(lease_until=timezone.now())

    assert "far" in sweep()
    drain("far")

    assert ledger.delivered == []
    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.DONE


def test_a_rolled_back_operation_sends_nothing(real_commits, ledger: Ledger) -> None:
    with transaction.atomic():
        enqueue(destination="far", ordering_key="k:1", kind="test", payload={})
        transaction.set_rollback(True)

    drain("far")

    assert ledger.delivered == []
    assert not Lane.objects.exists()


def test_an_operation_commits_although_the_broker_is_away(
    real_commits, ledger: Ledger, redis_server: Server
) -> None:
    parted = redis_server.socket.with_suffix(".away")
    redis_server.socket.rename(parted)
    current_app.pool.force_close_all()
    try:
        message = put("k:1")
    finally:
        parted.rename(redis_server.socket)
        current_app.pool.force_close_all()

    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.PENDING
    drain("far")
    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.DONE
