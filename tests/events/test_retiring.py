"""What is long done goes out of the way, and can still be found."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import Attempt, Delivery, Lane, PastMessage
from events.services.draining import drain
from events.services.handling import Refused
from events.services.outbox import enqueue
from events.services.retiring import drop_old_months, retire
from tests.factories.accounts import AccountFactory
from utilcrm.db import months

pytestmark = pytest.mark.django_db

TABLE = "events_pastmessage"


def send(key: str, **options: object) -> Delivery:
    with transaction.atomic():
        return enqueue(
            destination="far",
            ordering_key=key,
            kind="thing-happened",
            payload={"label": "Ada Lovelace", "iban": "GB33BUKB20201555555555"},
            **options,
        )


def ended(days: int) -> None:
    """Set back when everything that is done was done."""
    Delivery.objects.filter(state="DONE").update(
        updated_at=timezone.now() - dt.timedelta(days=days)
    )


def test_what_is_long_done_moves_to_its_month_without_its_content(ledger) -> None:
    done = send("a")
    drain("far")
    ended(40)

    assert retire() == 1
    past = PastMessage.objects.get()

    assert (past.uuid, past.label, past.state) == (done.uuid, "Ada Lovelace", "DONE")
    assert past.payload_sha256 == done.payload_sha256
    assert [entry["outcome"] for entry in past.tries] == ["DONE"]
    assert not hasattr(past, "payload")
    assert (Delivery.objects.count(), Attempt.objects.count()) == (0, 0)
    assert retire() == 0


def test_what_is_open_or_young_stays_where_it_is(ledger) -> None:
    ledger.answers.append(Refused("X", "", "no"))
    stopped = send("stopped")
    drain("far")
    young = send("young")
    drain("far")
    Delivery.objects.filter(pk=stopped.pk).update(updated_at=timezone.now() - dt.timedelta(days=99))

    assert retire() == 0
    assert set(Delivery.objects.all()) == {stopped, young}


def test_a_message_may_still_wait_for_one_that_is_past(ledger) -> None:
    first = send("first")
    drain("far")
    ended(40)
    retire()

    send("second", requires=[("far", "first", first.seq)])
    drain("far")

    assert Delivery.objects.get().state == "DONE"
    again = send("first")
    assert again.seq == 2
    assert Lane.objects.get(ordering_key="first").done_seq == 1


def test_months_older_than_two_years_are_dropped_whole(ledger) -> None:
    send("a")
    drain("far")
    ended(800)
    retire()
    assert PastMessage.objects.count() == 1

    (gone,) = drop_old_months()

    assert PastMessage.objects.count() == 0
    assert gone not in months.months_of(TABLE)
    assert drop_old_months() == []


def test_the_past_of_a_customer_is_found_by_their_number(ledger, client_for, clerk) -> None:
    account = AccountFactory()
    done = send("a", account_uuid=account.uuid)
    drain("far")
    ended(40)
    retire()
    browser = client_for(clerk)

    assert "Long done" in browser.get("/messages/", {"about": account.number}).content.decode()
    assert "Ada Lovelace" in browser.get("/messages/", {"about": str(done.uuid)}).content.decode()
    assert "Long done" not in browser.get("/messages/").content.decode()
