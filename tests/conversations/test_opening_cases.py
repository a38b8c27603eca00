"""What somebody has written becomes a case, with its clock from the day on which it came."""

from __future__ import annotations

import datetime as dt

import pytest

from conversations.models import Conversation
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_for, agent):
    return client_for(agent)


@pytest.fixture
def taken(desk, conversation) -> Conversation:
    desk.post(f"/conversations/{conversation.uuid}/take/")
    conversation.refresh_from_db()
    return conversation


def url(conversation: Conversation, rest: str = "") -> str:
    return f"/conversations/{conversation.uuid}/{rest}"


@pytest.mark.covers("N-06")
@pytest.mark.covers("C-45")
def test_the_clock_of_a_case_starts_when_the_customer_wrote_not_when_it_was_taken_up(
    customer, desk, taken
):
    desk.post(f"/confirm/account/{customer.uuid}/")
    came = clock.now() - dt.timedelta(days=6)
    taken.messages.update(arrived_at=came)

    offered = desk.get(f"/accounts/{customer.uuid}/").context["case_url"]
    form = desk.get(offered).context["form"]

    assert form["received_on"].value() == clock.local_date(came)
    assert (form["subject"].value(), form["channel"].value()) == ("My bill", "EMAIL")

    desk.post(url(taken, "reply/"), {"to": "marjorie@example.com", "text": "We look."})
    later = desk.get(f"/accounts/{customer.uuid}/").context["case_url"]
    assert "received" not in later


@pytest.mark.parametrize("named", ["2999-01-01", "yesterday", ""])
def test_a_day_that_is_none_or_still_to_come_is_today(customer, desk, named):
    form = desk.get(f"/cases/new/{customer.uuid}/", {"received": named}).context["form"]

    assert form["received_on"].value() == clock.today()
