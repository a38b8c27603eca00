"""What a person may do with a message that stopped."""

from __future__ import annotations

import pytest
from django.db import transaction

from events.choices import DeliveryState
from events.models import Delivery
from events.services import mending
from events.services.draining import drain
from events.services.handling import Awaiting, Refused
from events.services.outbox import enqueue
from tests.events.wiring import Ledger

pytestmark = pytest.mark.django_db


def put(key: str = "k:1") -> Delivery:
    with transaction.atomic():
        return enqueue(destination="far", ordering_key=key, kind="test", payload={})


def test_retrying_after_a_refusal_sends_fresh_content_under_a_new_id(ledger: Ledger, clerk) -> None:
    ledger.answers.append(Refused(code="X", field="IBAN", text="no"))
    message = put()
    drain("far")
    message.refresh_from_db()

    sent = mending.retry(delivery=message, actor=clerk, reason="IBAN corrected")
    drain("far")

    message.refresh_from_db()
    sent.refresh_from_db()
    assert message.state == DeliveryState.SUPERSEDED
    assert (sent.state, sent.seq, sent.payload["fresh"]) == (DeliveryState.DONE, message.seq, True)
    assert sent.uuid != message.uuid


def test_cancelling_lets_the_next_message_pass(ledger: Ledger, clerk) -> None:
    ledger.answers.append(Refused(code="X", field="", text="no"))
    refused, behind = put(), put()
    drain("far")

    mending.cancel(delivery=refused, actor=clerk, reason="entered twice")
    drain("far")

    assert Delivery.objects.get(pk=refused.pk).state == DeliveryState.CANCELLED
    assert Delivery.objects.get(pk=behind.pk).state == DeliveryState.DONE


def test_a_message_on_its_way_cannot_be_cancelled(ledger: Ledger, clerk) -> None:
    ledger.answers.append(Awaiting())
    message = put()
    drain("far")

    with pytest.raises(mending.DeliveryUnderWay):
        mending.cancel(delivery=message, actor=clerk, reason="too late")


def test_a_corrected_message_takes_the_place_of_the_refused_one(ledger: Ledger, clerk) -> None:
    ledger.answers.append(Refused(code="X", field="IBAN", text="no"))
    message = put()
    drain("far")

    sent = mending.mend(delivery=message, payload={"iban": "right"}, actor=clerk)
    drain("far")

    assert ledger.delivered[-1].payload == {"iban": "right"}
    assert Delivery.objects.get(pk=sent.pk).state == DeliveryState.DONE


def test_what_is_done_can_be_neither_retried_nor_cancelled(ledger: Ledger, clerk) -> None:
    message = put()
    drain("far")

    with pytest.raises(mending.DeliveryNotStopped):
        mending.retry(delivery=message, actor=clerk)
    with pytest.raises(mending.DeliveryNotStopped):
        mending.cancel(delivery=message, actor=clerk, reason="too late")
