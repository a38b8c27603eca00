"""Facts: recorded with the change they tell of, and never changed afterwards."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from events.models import Delivery, Event
from events.queries import for_account, for_subject, touched_in
from events.services.recording import NotInTransaction, record
from events.services.telling import Fact, HasRoutes, record_many
from tests.events.wiring import Ledger
from utilcrm import clock, context

pytestmark = pytest.mark.django_db


def test_a_fact_is_refused_outside_a_transaction(agent) -> None:
    connection.in_atomic_block, before = False, connection.in_atomic_block
    try:
        with pytest.raises(NotInTransaction):
            record("events.thing.happened", subject=agent)
    finally:
        connection.in_atomic_block = before


def test_a_name_that_does_not_say_app_noun_and_verb_is_refused(agent) -> None:
    with pytest.raises(ValueError, match="is not app"):
        record("Thing happened", subject=agent)


def test_a_fact_remembers_who_in_which_contact_under_which_request(agent) -> None:
    contact = uuid.uuid4()
    with context.acting(actor_id=agent.pk, interaction_uuid=contact, request_id="r-1"):
        event = record("events.thing.happened", subject=agent, payload={"a": "1"})

    assert (event.actor_id, event.interaction_uuid, event.request_id) == (agent.pk, contact, "r-1")
    assert (event.subject_type, event.subject_id) == ("access.User", agent.pk)


def test_each_route_of_a_fact_becomes_a_message_in_its_lane(ledger: Ledger, agent) -> None:
    account = uuid.uuid4()
    event = record("events.thing.happened", subject=agent, account_uuid=account)

    messages = {one.destination: one for one in Delivery.objects.filter(event=event)}
    assert set(messages) == {"far", "here"}
    assert messages["far"].kind == "thing-happened"
    assert messages["far"].account_uuid == account
    assert messages["far"].payload["subject_id"] == agent.pk


def test_many_facts_at_once_are_written_whole_and_may_not_be_routed(agent, ledger: Ledger) -> None:
    told = Fact(
        subject_type=agent._meta.label,
        subject_id=agent.pk,
        subject_uuid=uuid.uuid4(),
        subject_label="x" * 300,
        account_uuid=None,
        payload={"row": 7},
        actor_label="clerk",
        actor_id=agent.pk,
    )

    assert record_many("tests.load.made", [told, told], occurred_at=clock.now()) == 2
    with pytest.raises(HasRoutes):
        record_many("events.thing.happened", [told], occurred_at=clock.now())

    written = Event.objects.filter(name="tests.load.made")
    assert {(one.actor_id, one.payload["row"]) for one in written} == {(agent.pk, 7)}
    assert {len(one.subject_label) for one in written} == {200}


def test_facts_can_be_neither_changed_nor_deleted(agent) -> None:
    event = record("events.thing.happened", subject=agent)

    for statement in (
        lambda: Event.objects.filter(pk=event.pk).update(name="events.thing.unhappened"),
        lambda: Event.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            statement()


def test_the_timeline_of_an_account_is_read_backwards_page_by_page(agent) -> None:
    account = uuid.uuid4()
    events = [
        record("events.thing.happened", subject=agent, account_uuid=account) for _ in range(5)
    ]

    first = for_account(account, limit=3)
    rest = for_account(account, limit=3, before=first[-1].pk)

    assert [one.pk for one in first + rest] == [one.pk for one in reversed(events)]
    assert len(for_subject(agent)) == 5


def test_a_contact_lists_what_it_touched_once_in_the_order_of_first_access(agent, clerk) -> None:
    contact = uuid.uuid4()
    with context.acting(interaction_uuid=contact):
        for subject in (clerk, agent, clerk):
            record("events.thing.happened", subject=subject)

    assert [one.subject_id for one in touched_in(contact)] == [clerk.pk, agent.pk]
