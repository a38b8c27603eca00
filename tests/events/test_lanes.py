"""Order, leases, and what each outcome does to a lane."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from events.choices import DeliveryState, LaneState
from events.models import Attempt, Delivery, Lane
from events.services.claiming import claim_next
from events.services.draining import attempt, drain
from events.services.handling import Again, Awaiting, Done, NotApplied, NotFound, Refused, Unknown
from events.services.outbox import NotInTransaction, enqueue
from events.services.routing import destination_named
from events.services.settling import confirm
from tests.events.wiring import Ledger

pytestmark = pytest.mark.django_db


def put(key: str = "k:1", *, requires=(), destination: str = "far", **payload: object) -> Delivery:
    with transaction.atomic():
        return enqueue(
            destination=destination,
            ordering_key=key,
            kind="test",
            payload=payload,
            requires=requires,
        )


def lane_of(key: str = "k:1", destination: str = "far") -> Lane:
    return Lane.objects.get(destination=destination, ordering_key=key)


def make_due(key: str = "k:1") -> None:
    Lane.objects.filter(ordering_key=key).update(available_at=timezone.now())


def test_messages_of_one_lane_go_out_in_the_order_of_their_commits(ledger: Ledger) -> None:
    sent = [put(n=n).uuid for n in range(5)]

    drain("far")

    assert [envelope.delivery_id for envelope in ledger.delivered] == sent
    assert lane_of().state == LaneState.IDLE


def test_a_refusal_parks_only_its_own_lane_and_says_why(ledger: Ledger) -> None:
    ledger.answers.append(Refused(code="IBAN_INVALID", field="IBAN", text="Check digits wrong"))
    refused = put("k:1")
    behind = put("k:1")
    other = put("k:2")

    drain("far")

    refused.refresh_from_db()
    assert (refused.state, refused.refusal_field) == (DeliveryState.PARKED, "IBAN")
    assert lane_of("k:1").state == LaneState.PARKED
    assert Delivery.objects.get(pk=behind.pk).state == DeliveryState.PENDING
    assert Delivery.objects.get(pk=other.pk).state == DeliveryState.DONE
    assert [envelope.delivery_id for envelope in ledger.refused] == [refused.uuid]


def test_what_was_not_applied_is_sent_again_later_with_the_same_id(ledger: Ledger) -> None:
    ledger.answers.append(NotApplied("connection refused"))
    message = put()

    drain("far")
    waiting = lane_of()
    assert waiting.state == LaneState.READY
    assert waiting.attempts == 1
    assert waiting.available_at > timezone.now()
    make_due()
    drain("far")

    assert [envelope.delivery_id for envelope in ledger.delivered] == [message.uuid] * 2
    assert ledger.queried == []


def test_an_unknown_outcome_is_asked_about_before_anything_is_sent_again(ledger: Ledger) -> None:
    ledger.answers.append(Unknown("read timeout"))
    ledger.answers_to_queries.append(Done(external_ref="0000000042"))
    message = put()

    drain("far")

    message.refresh_from_db()
    assert len(ledger.delivered) == 1
    assert len(ledger.queried) == 1
    assert (message.state, message.external_ref) == (DeliveryState.DONE, "0000000042")


def test_what_the_far_side_never_saw_is_sent_again(ledger: Ledger) -> None:
    ledger.answers.append(Unknown("reset"))
    ledger.answers_to_queries.append(NotFound())
    message = put()

    drain("far")

    assert [envelope.delivery_id for envelope in ledger.delivered] == [message.uuid] * 2
    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.DONE


def test_an_outcome_unknown_for_a_day_is_left_to_a_person(ledger: Ledger) -> None:
    ledger.answers.append(Unknown("reset"))
    message = put()
    claim = claim_next(destination_named("far"))
    assert claim is not None
    attempt(claim, destination=destination_named("far"))
    Lane.objects.update(unknown_since=timezone.now() - dt.timedelta(hours=25))
    ledger.answers_to_queries.append(Unknown("no answer"))

    drain("far")

    message.refresh_from_db()
    assert message.state == DeliveryState.PARKED
    assert lane_of().unknown


def test_a_taken_message_waits_for_its_confirmation_and_holds_its_lane(ledger: Ledger) -> None:
    ledger.answers.append(Awaiting())
    first, second = put(), put()

    drain("far")

    assert lane_of().state == LaneState.WAITING
    assert Delivery.objects.get(pk=first.pk).state == DeliveryState.AWAITING
    assert len(ledger.delivered) == 1

    assert confirm(first.uuid, Done(external_ref="1"))
    assert not confirm(first.uuid, Done(external_ref="1"))
    drain("far")

    assert Delivery.objects.get(pk=second.pk).state == DeliveryState.DONE


def test_an_overdue_confirmation_is_asked_for(ledger: Ledger) -> None:
    ledger.answers.append(Awaiting())
    ledger.answers_to_queries.append(Done(external_ref="7"))
    message = put()
    drain("far")
    make_due()

    drain("far")

    message.refresh_from_db()
    assert len(ledger.delivered) == 1
    assert (message.state, message.external_ref) == (DeliveryState.DONE, "7")


def test_a_confirmation_that_overtakes_the_receipt_counts_once(ledger: Ledger) -> None:
    ledger.answers.append(Awaiting())
    message = put()
    destination = destination_named("far")
    claim = claim_next(destination)
    assert claim is not None

    assert confirm(message.uuid, Done(external_ref="9"))
    assert attempt(claim, destination=destination) is None

    message.refresh_from_db()
    assert message.state == DeliveryState.DONE
    assert len(ledger.applied) == 1


@pytest.mark.parametrize("state", [DeliveryState.DONE, DeliveryState.PARKED])
def test_a_head_that_was_answered_since_it_was_leased_is_not_sent(
    ledger: Ledger, state: str
) -> None:
    message = put()
    Delivery.objects.filter(pk=message.pk).update(
        state=state, done_at=timezone.now(), refusal_text="no"
    )

    drain("far")

    assert (ledger.delivered, ledger.queried) == ([], [])


def test_a_worker_that_lost_its_lease_writes_nothing(ledger: Ledger) -> None:
    message = put()
    destination = destination_named("far")
    slow = claim_next(destination)
    assert slow is not None
    Lane.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    ledger.answers_to_queries.append(Done(external_ref="by the second"))
    drain("far")

    assert attempt(slow, destination=destination) is None

    message.refresh_from_db()
    assert message.external_ref == "by the second"
    assert Attempt.objects.filter(delivery=message, outcome="DONE").count() == 1


def test_a_message_behind_a_required_one_waits_and_is_woken_by_it(ledger: Ledger) -> None:
    ledger.answers.append(Awaiting())
    partner = put("partner:1")
    contract = put("contract:1", requires=[("far", "partner:1", partner.seq)])

    drain("far")
    assert lane_of("contract:1").state == LaneState.BLOCKED
    assert len(ledger.delivered) == 1

    confirm(partner.uuid, Done())
    assert lane_of("contract:1").state == LaneState.READY
    drain("far")

    assert Delivery.objects.get(pk=contract.pk).state == DeliveryState.DONE


def test_an_answer_that_cannot_be_written_is_asked_for_again(ledger: Ledger) -> None:
    ledger.answers.append(Done(external_ref="1"))
    ledger.answers_to_queries.append(Done(external_ref="1"))
    ledger.fail_to_apply = 1
    message = put()

    drain("far")

    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.DONE
    assert len(ledger.delivered) == 1
    assert len(ledger.applied) == 1


@pytest.mark.parametrize(
    ("fault", "tries", "state"),
    [
        (ValueError("a bug"), 5, DeliveryState.PARKED),
        (IntegrityError("a bug"), 5, DeliveryState.PARKED),
        (OperationalError("the database is away"), 10, DeliveryState.DONE),
    ],
)
def test_our_own_fault_is_parked_after_a_few_tries_unless_it_passes(
    ledger: Ledger, fault: Exception, tries: int, state: str
) -> None:
    ledger.answers.extend([fault] * 9)
    message = put(destination="here")

    for _ in range(10):
        make_due()
        drain("here")

    message.refresh_from_db()
    assert message.state == state
    assert ("a bug" in message.refusal_text) is (state == DeliveryState.PARKED)
    assert Attempt.objects.filter(delivery=message).count() == tries


def test_local_work_and_its_note_are_written_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.answers.append(ZeroDivisionError("half done"))
    message = put(destination="here")

    drain("here")

    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.PENDING
    make_due()
    drain("here")
    assert Delivery.objects.get(pk=message.pk).state == DeliveryState.DONE


def test_nothing_is_enqueued_outside_a_transaction(ledger: Ledger) -> None:
    connection.in_atomic_block, before = False, connection.in_atomic_block
    try:
        with pytest.raises(NotInTransaction):
            enqueue(destination="far", ordering_key="k", kind="test", payload={})
    finally:
        connection.in_atomic_block = before


def test_a_passing_failure_over_there_is_sent_anew_under_another_id(ledger: Ledger) -> None:
    ledger.answers.append(Awaiting())
    message = put()
    drain("far")

    assert confirm(message.uuid, Again("partner locked"))
    make_due()
    drain("far")

    message.refresh_from_db()
    assert message.state == DeliveryState.SUPERSEDED
    assert message.superseded_by is not None
    assert message.superseded_by.state == DeliveryState.DONE
    assert ledger.delivered[0].delivery_id != ledger.delivered[1].delivery_id


def test_a_failure_over_there_that_does_not_pass_is_left_to_a_person(ledger: Ledger) -> None:
    ledger.answers.extend([Again("partner locked")] * 20)
    put()

    for _ in range(20):
        make_due()
        drain("far")

    assert lane_of().state == LaneState.PARKED
    assert len(ledger.delivered) == 8
