"""What is wrong with messages is noticed, told once, and cleared when it is over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import Alarm, Circuit, Delivery, Event, Lane
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.handling import NotApplied, Refused, Unknown
from events.services.outbox import enqueue
from events.services.routing import destination_named
from events.services.watching import watch

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def send(key: str = "k", *, destination: str = "far", **options: object) -> Delivery:
    with transaction.atomic():
        return enqueue(
            destination=destination, ordering_key=key, kind="thing-happened", payload={}, **options
        )


def raised() -> set[tuple[str, str]]:
    watch()
    return set(Alarm.objects.filter(cleared_at__isnull=True).values_list("destination", "kind"))


def long_ago(**columns: dt.timedelta) -> None:
    """Set times of the lane back."""
    Lane.objects.update(**{name: timezone.now() - ago for name, ago in columns.items()})


def test_all_is_quiet_when_nothing_is_wrong(ledger) -> None:
    send()
    drain("far")

    assert raised() == set()


def test_a_message_that_needs_a_person_is_told_at_once_and_cleared_when_it_is_mended(
    ledger,
) -> None:
    ledger.answers.append(Refused("X", "", "no"))
    stopped = send()
    drain("far")

    assert raised() == {("far", "PARKED")}
    assert raised() == {("far", "PARKED")}
    assert Event.objects.filter(name="events.alarm.raised").count() == 1

    Delivery.objects.filter(pk=stopped.pk).update(state="CANCELLED")
    Lane.objects.update(state="IDLE")
    assert raised() == set()
    assert Event.objects.filter(name="events.alarm.cleared").count() == 1


def test_what_queues_up_behind_a_stopped_message_makes_it_no_younger(ledger) -> None:
    ledger.answers.append(Refused("X", "", "no"))
    stopped = send()
    drain("far")
    long_ago = timezone.now() - 3 * HOUR
    Delivery.objects.filter(pk=stopped.pk).update(updated_at=long_ago)
    send()

    watch()

    assert Alarm.objects.get().since == long_ago


def test_a_message_that_keeps_failing_is_told_by_its_age(ledger) -> None:
    ledger.answers.append(NotApplied("busy", reached=True))
    send()
    drain("far")
    assert raised() == set()

    long_ago(first_failed_at=HOUR)

    assert raised() == {("far", "FAILING")}


def test_an_outcome_that_stays_unknown_is_told(ledger) -> None:
    ledger.answers.append(Unknown("no answer"))
    ledger.answers_to_queries.extend([Unknown("still none")] * 3)
    send()
    drain("far", budget=0.2)
    long_ago(unknown_since=HOUR, first_failed_at=dt.timedelta(minutes=1))

    assert ("far", "UNKNOWN") in raised()


def test_a_destination_that_does_not_answer_is_told_once_for_all_that_waits(ledger) -> None:
    for key in "abc":
        send(key)
    Circuit.objects.create(
        destination="far", state="OPEN", failures=9, away_since=timezone.now() - HOUR
    )

    assert raised() == {("far", "AWAY")}
    assert Alarm.objects.get().number == 3


def test_a_message_with_half_of_its_time_used_up_is_told_whatever_it_waits_for(ledger) -> None:
    send(deadline_at=timezone.now() + HOUR)
    assert raised() == set()

    Delivery.objects.update(created_at=timezone.now() - 2 * HOUR)

    assert raised() == {("far", "LATE")}


def test_a_queue_that_nobody_works_on_is_told_and_one_that_is_worked_on_is_not(ledger) -> None:
    send()
    long_ago(available_at=HOUR)
    assert raised() == {("far", "SILENT")}

    Circuit.objects.create(destination="far", last_ok_at=timezone.now())

    assert raised() == set()


def test_work_in_this_database_counts_as_work(ledger) -> None:
    send(destination="here")
    drain("here")
    send("other", destination="here")
    long_ago(available_at=HOUR)

    assert raised() == set()


def test_a_long_attempt_counts_as_work_until_its_lease_is_over(ledger) -> None:
    for key in "ab":
        send(key)
    long_ago(available_at=HOUR)
    assert claim_next(destination_named("far")) is not None
    assert raised() == set()

    Lane.objects.filter(state="LEASED").update(lease_until=timezone.now())
    assert raised() == {("far", "SILENT")}


def test_what_a_dead_worker_left_is_told_when_nobody_takes_it_up(ledger) -> None:
    send()
    assert claim_next(destination_named("far")) is not None
    long_ago(lease_until=HOUR)

    assert raised() == {("far", "SILENT")}


def test_a_queue_that_grows_beyond_what_is_usual_is_told(ledger, settings) -> None:
    settings.OUTBOX_TIMING = {"far": {"deep_at": 2}}
    for key in "abc":
        send(key)

    assert raised() == {("far", "DEEP")}
