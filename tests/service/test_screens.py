"""The screens: each opens, shows what it should, and does one thing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interactions.services.contacts import open_contact
from service.models import Case, CaseLetter, Promise
from service.services.answering import send_receipt
from tests.service.conftest import at
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-45")
@pytest.mark.covers("C-47c")
def test_an_agent_opens_a_case_from_the_contact_in_two_screens_with_everything_filled_in(
    agents, agent, account
):
    contact = open_contact(agent=agent, channel="EMAIL", direction="INBOUND")
    contact.account, contact.agreement = account, account.agreements.get()
    contact.save()
    agents.get(reverse("interactions:contact", args=[contact.uuid]))

    customer = agents.get(reverse("interactions:account", args=[account.uuid]))
    address = f"{at('open', account)}?channel=EMAIL&amp;agreement={contact.agreement.uuid}"
    assert address in customer.content.decode()

    form = agents.get(address.replace("&amp;", "&"))
    initial = form.context["form"].initial
    assert initial["agreement"] == contact.agreement.uuid
    assert (initial["channel"], initial["received_on"]) == ("EMAIL", clock.today())
    done = agents.post(
        address.replace("&amp;", "&"),
        {
            "case_class": "complaint",
            "subject": "The bill is too high",
            "channel": "EMAIL",
            "received_on": clock.today() - dt.timedelta(days=2),
            "agreement": contact.agreement.uuid,
            "is_mine": "on",
            "send_receipt": "on",
            "interaction": contact.uuid,
        },
    )

    case = Case.objects.get()
    assert done.headers["Location"] == at("case", case)
    assert (case.account, case.agreement, case.owner) == (account, contact.agreement, agent)
    assert case.interaction_uuid == contact.uuid
    assert clock.local_date(case.received_at) == clock.today() - dt.timedelta(days=2)
    assert case.acknowledged_at is not None
    shown = agents.get(reverse("interactions:account", args=[account.uuid])).content.decode()
    assert at("case", case) in shown
    assert "The bill is too high" in shown


@pytest.mark.covers("C-47c")
def test_a_case_is_worked_on_answered_and_closed_through_its_pages(agents, agent, open_one):
    case = open_one("bill-dispute")
    agents.post(at("take", case))
    agents.post(at("note", case), {"text": "The reading was estimated"})
    agents.post(at("ask", case), {"text": "What does the meter say?"})
    agents.post(at("reply", case), {"text": "12345"})
    case.refresh_from_db()
    assert (case.status, case.owner) == ("IN_PROGRESS", agent)

    typed = {"outcome": "UPHELD", "decision": "You are right.", "version": case.version}
    lacking = agents.post(at("answer", case), typed)
    assert lacking.status_code == 422
    assert "Why we decided so" in lacking.content.decode()
    assert "You are right." in lacking.content.decode()

    typed |= {"reasons": "It was a guess.", "modules": ["estimated-bill"]}
    seen = agents.post(at("answer", case), typed | {"preview": "yes"})
    assert "Your bill rests on an estimate" in seen.content.decode()
    assert not CaseLetter.objects.exists()

    assert agents.post(at("answer", case), typed).status_code == 302
    shown = agents.get(at("case", case)).content.decode()
    for said in ("12345", "What does the meter say?", "The reading was estimated", "Answered"):
        assert said in shown
    agents.post(at("close", case), {"reason": "The customer is content"})
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("CLOSED", "UPHELD")


def test_compensation_is_proposed_by_agents_and_decided_by_those_in_charge(
    agents, client_for, supervisor, open_one
):
    case = open_one()
    agents.post(at("compensate", case), {"amount": "25", "reason": "We forgot to call"})
    decision = {"decision": "grant", "amount": "20", "reason": "Half of it"}
    assert agents.post(at("decide_compensation", case), decision).status_code == 403

    assert client_for(supervisor).post(at("decide_compensation", case), decision).status_code == 302
    case.refresh_from_db()
    assert (case.compensation, case.compensation_amount) == ("GRANTED", 20)
    assert Promise.objects.get().case == case


@pytest.mark.covers("N-07")
def test_a_promise_is_made_kept_and_seen_at_the_customer(agents, account):
    in_three_days = clock.today() + dt.timedelta(days=3)
    typed = {"kind": "CALL_BACK", "text": "We call", "due_on": in_three_days, "due_time": "15:00"}
    late = agents.post(at("promise_new", account), typed | {"due_on": "2020-01-01"})
    assert late.status_code == 422
    assert "over" in str(late.context["form"].errors["due_on"])

    agents.post(at("promise_new", account), typed)
    promise = Promise.objects.get()
    assert clock.local_date(promise.due_at) == in_three_days
    shown = agents.get(reverse("interactions:account", args=[account.uuid])).content.decode()
    assert at("promise", promise) in shown

    agents.post(at("promise_kept", promise), {"note": "Called"})
    assert "Called" in agents.get(at("promise", promise)).content.decode()
    again = agents.post(at("promise_back", promise), {"note": "?"})
    assert again.status_code == 422


def test_the_pages_ask_as_little_for_many_rows_as_for_one(client_for, supervisor, open_one, switch):
    # so that no host is looked up anew between two counts
    switch()
    browser = client_for(supervisor)
    case = open_one("complaint", owner=supervisor)
    send_receipt(case=case, actor=supervisor)
    addresses = [
        *(reverse(f"service:{name}") for name in ("cases", "board", "promises")),
        at("case", case),
    ]

    def counted(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    before = [counted(address) for address in addresses]
    for _nth in range(5):
        open_one("complaint", owner=supervisor)

    assert [counted(address) for address in addresses] == before
    assert max(before) <= 24
