"""The telephone system tells of calls; the agent's page proposes who it is."""

from __future__ import annotations

import json

import pytest

from access.choices import Role
from interactions.choices import CallStatus
from interactions.models import Call, Interaction
from interactions.services.contacts import CallTaken, accept_call
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.covers("B-01")
def test_a_ringing_call_proposes_the_account_of_the_number(
    client_for, agent, customer, telephone
) -> None:
    assert telephone().status_code == 200
    page = client_for(agent).get("/live/?seen=none").content.decode()
    assert "Marjorie Thistlewood" in page
    assert Call.objects.get().caller_number == "+441134960177"


def test_a_page_that_knows_the_newest_token_is_told_nothing_without_a_query(
    client_for, agent, telephone, django_assert_max_num_queries
) -> None:
    browser = client_for(agent)
    telephone()
    page = browser.get("/live/?seen=none").content.decode()
    token = page.split("seen=")[1].split('"')[0]
    assert token
    with django_assert_max_num_queries(4):  # session, user and permissions alone
        assert browser.get(f"/live/?seen={token}").status_code == 204


def test_a_call_for_another_extension_does_not_pop_up(client_for, agent, telephone) -> None:
    telephone(extension="999")
    assert "ringing-number" not in client_for(agent).get("/live/?seen=none").content.decode()


def test_a_corporate_manager_is_not_told_the_name_of_a_residential_caller(
    client_for, customer, telephone
) -> None:
    manager = make_person("cm", Role.CORPORATE_RELATIONS_MANAGER, extension="300")
    telephone(extension="300")
    page = client_for(manager).get("/live/?seen=none").content.decode()
    assert "ringing-number" in page
    assert "Thistlewood" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guessed"},
        {"signed_at": 1_600_000_000},
        {"signed_at": 4_000_000_000},
    ],
)
def test_an_unsigned_old_or_future_message_is_refused(telephone, wrong) -> None:
    assert telephone(**wrong).status_code == 403
    assert not Call.objects.exists()


def test_a_repeated_message_changes_nothing(telephone) -> None:
    assert json.loads(telephone().content)["receipt"] == "applied"
    known = Call.objects.get()
    telephone("call.answered")
    known.refresh_from_db()
    assert known.status == CallStatus.CONNECTED
    telephone("call.ringing")
    known.refresh_from_db()
    assert known.status == CallStatus.CONNECTED


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"call_id": ""}, "call_id"),
        ({"call_id": "x" * 65}, "call_id"),
        ({"at": "31.02.2026"}, "at"),
        ({"at": "2026-01-01T10:00:00"}, "at"),
        ({"caller": 12}, "caller"),
        ({"queue": "a\x00b"}, "queue"),
        ({"type": "call.exploded"}, "type"),
    ],
)
def test_a_signed_message_that_makes_no_sense_names_the_field(telephone, facts, field) -> None:
    answer = telephone(**facts)
    assert answer.status_code == 400
    assert json.loads(answer.content)["field"] == field


def test_an_unreadable_number_is_taken_as_withheld(telephone) -> None:
    assert telephone(caller="anonymous").status_code == 200
    assert Call.objects.get().caller_number == ""


@pytest.mark.covers("B-21")
def test_taking_a_call_makes_the_record_with_channel_and_start(agent, ringing) -> None:
    contact = accept_call(call=ringing(), agent=agent)
    assert (contact.channel, contact.direction) == ("PHONE", "INBOUND")
    assert contact.call.status == CallStatus.CONNECTED
    assert contact.started_at is not None


def test_taking_a_call_twice_gives_one_contact(agent, ringing) -> None:
    call = ringing()
    assert accept_call(call=call, agent=agent) == accept_call(call=call, agent=agent)
    assert Interaction.objects.count() == 1


def test_a_call_that_a_colleague_took_is_refused(agent, supervisor, ringing) -> None:
    call = ringing()
    accept_call(call=call, agent=supervisor)
    with pytest.raises(CallTaken):
        accept_call(call=call, agent=agent)
