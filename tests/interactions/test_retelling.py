"""A call's story is the same in whatever order its events arrive."""

from __future__ import annotations

import datetime as dt
import itertools
import json

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from interactions.choices import CallStatus, InteractionStatus
from interactions.models import Call, CallEvent, Interaction, WorkItem
from interactions.services.calls import LASTS_AT_MOST, RINGS_AT_MOST, close_forgotten_calls
from interactions.services.contacts import CallTaken, accept_call
from interactions.services.telephone import webhook_secret

pytestmark = pytest.mark.django_db

NOON = timezone.now() - dt.timedelta(hours=1)


def later(seconds: int) -> str:
    return (NOON + dt.timedelta(seconds=seconds)).isoformat()


STORY = [
    ("call.ringing", {"sequence": 1, "at": later(0)}),
    ("call.answered", {"sequence": 2, "at": later(12)}),
    ("call.held", {"sequence": 3, "at": later(60)}),
    ("call.retrieved", {"sequence": 4, "at": later(90)}),
    ("call.ended", {"sequence": 5, "at": later(200)}),
]


@pytest.mark.covers("B-01")
def test_a_call_ends_the_same_in_whatever_order_its_events_come(telephone) -> None:
    orders = itertools.islice(itertools.permutations(STORY), 0, 120, 17)
    for number, order in enumerate(orders):
        for kind, facts in order:
            assert telephone(kind, call_id=f"c{number}", **facts).status_code == 200
    told = {
        (call.status, call.rang_at, call.answered_at, call.ended_at, call.held_seconds)
        for call in Call.objects.all()
    }
    moments = [NOON + dt.timedelta(seconds=seconds) for seconds in (0, 12, 200)]
    assert told == {(CallStatus.ENDED, *moments, 30)}


def test_who_calls_is_known_though_the_first_ring_comes_last(telephone) -> None:
    telephone("call.ended", sequence=3, caller="", called="", campaign="")
    telephone(sequence=1, campaign="Winter", direction="outbound")
    call = Call.objects.get()
    assert (call.caller_number, call.campaign, call.direction) == (
        "+441134960177",
        "Winter",
        "OUTBOUND",
    )


def test_a_caller_who_is_passed_on_waits_in_the_new_queue_alone(telephone) -> None:
    telephone(sequence=1, extension="", queue="Sales")
    telephone("call.transferred", sequence=2, extension="", queue="Faults")
    assert list(WorkItem.objects.order_by("pk").values_list("queue", "status")) == [
        ("Sales", "GONE"),
        ("Faults", "WAITING"),
    ]


def test_whom_a_machine_has_answered_waits_in_the_queue_it_chose(telephone) -> None:
    telephone(sequence=1, extension="", queue="")
    telephone("call.answered", sequence=2, extension="", queue="")
    telephone("call.transferred", sequence=3, extension="", queue="Faults")
    assert WorkItem.objects.get().status == "WAITING"


def test_whom_we_call_waits_for_nobody(telephone) -> None:
    telephone(sequence=1, extension="", queue="Winter", direction="outbound")
    assert not WorkItem.objects.exists()


def test_an_event_that_comes_twice_counts_once(telephone) -> None:
    facts = {"id": "e1", "sequence": 1, "at": later(0)}
    assert json.loads(telephone(**facts).content)["receipt"] == "applied"
    assert json.loads(telephone(**facts).content)["receipt"] == "duplicate"
    assert telephone("call.ended", **facts).status_code == 409
    assert CallEvent.objects.count() == 1


def test_a_hold_that_was_sent_under_two_ids_is_counted_once(telephone) -> None:
    for kind, facts in [*STORY, STORY[2], STORY[3]]:
        telephone(kind, **facts)
    assert Call.objects.get().held_seconds == 30


def test_a_call_that_was_never_answered_is_missed_and_rings_on_elsewhere(telephone) -> None:
    telephone(sequence=1, at=later(0))
    telephone("call.missed", sequence=2, at=later(20))
    assert Call.objects.get().status == CallStatus.MISSED
    telephone(sequence=3, at=later(21), extension="102")
    call = Call.objects.get()
    assert (call.status, call.extension, call.ended_at) == (CallStatus.RINGING, "102", None)
    telephone("call.ended", sequence=4, at=later(30))
    assert Call.objects.get().status == CallStatus.MISSED


def test_hanging_up_takes_the_contact_to_wrap_up(telephone, agent) -> None:
    telephone(sequence=1)
    contact = accept_call(call=Call.objects.get(), agent=agent)
    telephone("call.ended", sequence=3)
    contact.refresh_from_db()
    assert contact.status == InteractionStatus.WRAP_UP


@pytest.mark.covers("B-19")
def test_a_wrong_identification_is_cleared_while_the_caller_is_still_there(
    telephone, agent, client_for
) -> None:
    telephone(sequence=1)
    wrong = accept_call(call=Call.objects.get(), agent=agent)
    answer = client_for(agent).post(f"/contacts/{wrong.uuid}/clear/")
    right = Interaction.objects.get(call__isnull=False)
    assert (right.status, right.pk != wrong.pk) == (InteractionStatus.OPEN, True)
    assert answer["Location"] == f"/contacts/{right.uuid}/"
    telephone("call.ended", sequence=2)
    right.refresh_from_db()
    assert right.status == InteractionStatus.WRAP_UP


def test_a_caller_who_has_hung_up_cannot_be_taken(telephone, agent) -> None:
    telephone(sequence=1)
    telephone("call.ended", sequence=2)
    with pytest.raises(CallTaken):
        accept_call(call=Call.objects.get(), agent=agent)


@pytest.mark.parametrize(
    ("answered", "silent_for", "closed"),
    [
        (False, RINGS_AT_MOST, 1),
        (False, RINGS_AT_MOST / 2, 0),
        (True, LASTS_AT_MOST, 1),
        (True, LASTS_AT_MOST / 2, 0),
    ],
)
def test_a_call_that_never_ends_is_closed_at_its_last_sign_of_life(
    telephone, answered, silent_for, closed
) -> None:
    telephone(sequence=1, at=later(0))
    if answered:
        telephone("call.answered", sequence=2, at=later(9))
    heard = Call.objects.get().last_event_at
    assert heard is not None
    assert close_forgotten_calls(now=heard + silent_for + dt.timedelta(seconds=1)) == closed
    call = Call.objects.get()
    assert (call.is_over, call.end_is_presumed) == (bool(closed), bool(closed))
    if closed:
        assert call.ended_at == heard


def test_the_telephone_system_outweighs_what_was_presumed(telephone) -> None:
    telephone(sequence=1, at=later(0))
    telephone("call.answered", sequence=2, at=later(9))
    close_forgotten_calls(now=NOON + LASTS_AT_MOST * 2)
    telephone("call.ended", sequence=3, at=later(3000))
    call = Call.objects.get()
    assert (call.end_is_presumed, call.ended_at) == (False, NOON + dt.timedelta(seconds=3000))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"sequence": -1}, "sequence"),
        ({"sequence": "2"}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"sequence": 2**31}, "sequence"),
        ({"direction": "sideways"}, "direction"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"campaign": "x" * 41}, "campaign"),
    ],
)
def test_a_message_that_makes_no_sense_names_the_field(telephone, facts, field) -> None:
    answer = telephone(**facts)
    assert (answer.status_code, json.loads(answer.content)["field"]) == (400, field)
    assert not Call.objects.exists()


def test_a_message_signed_by_another_tenant_is_refused(telephone, other_tenant) -> None:
    with tenant_context(other_tenant):
        secret = webhook_secret()
    assert telephone(secret=secret).status_code == 403
    assert not Call.objects.exists()
