"""Wrap-up: results, follow-ups, the timer, later notes, honest clearing, satisfaction."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.utils import timezone

from correspondence.models import Message
from events.models import Event
from events.services.recording import record
from interactions.models import (
    ContactResult,
    Interaction,
    Reason,
    SatisfactionPolicy,
    SatisfactionQuestion,
)
from interactions.queries.contacts import reasons
from interactions.queries.results import forget_labels, results
from interactions.queries.wrap_up import proposed_reason
from interactions.services.confirming import confirm_account
from interactions.services.contacts import close_overdue_wrap_ups, end_contact
from interactions.services.satisfying import ask_satisfaction
from service.models import Promise
from tenants.queries import current_profile
from utilcrm import clock, context, vault

pytestmark = pytest.mark.django_db


def closing(**more: str) -> dict[str, str]:
    return {"reason": "OTHER", "result": "RESOLVED", "notes": "All well", **more}


@pytest.fixture
def asks() -> SatisfactionPolicy:
    return SatisfactionPolicy.objects.create(pk=1, is_on=True)


@pytest.fixture
def ended(agent, customer) -> Interaction:
    contact = confirm_account(account=customer, agent=agent, interaction=None)
    return end_contact(interaction=contact, agent=agent)


@pytest.mark.covers("A-12")
@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (["accounts.agreement.changed", "accounts.account.changed"], "CHANGE_OF_DATA"),
        (["billing_sync.payment.requested"], "PAYMENT"),
        (["accounts.agreement.changed", "billing_sync.payment.requested"], ""),
        ([], ""),
    ],
)
def test_the_reason_follows_from_what_was_done_unless_it_was_two_things(
    agent, ended, customer, done, reason
):
    with context.acting(interaction_uuid=ended.uuid):
        for name in done:
            about = {"agreement_uuid": str(customer.uuid)}
            record(name, subject=customer, actor=agent, payload=about)

    assert proposed_reason(ended, reasons()) == reason


def test_a_reason_that_the_tenant_does_not_offer_is_not_proposed(agent, ended, customer):
    with context.acting(interaction_uuid=ended.uuid):
        record("accounts.account.changed", subject=customer, actor=agent)
    Reason.objects.filter(code="CHANGE_OF_DATA").update(is_active=False)

    assert proposed_reason(ended, reasons()) == ""


@pytest.mark.covers("A-12")
def test_a_tenant_has_results_of_its_own_in_its_own_words(client_for, agent, ended):
    assert "RESOLVED" in {one.code for one in results()}
    ContactResult.objects.create(code="BOUGHT", own_label="Sold something", position=1)
    ContactResult.objects.filter(code="RESOLVED").update(is_active=False)
    forget_labels()
    browser = client_for(agent)
    page = browser.get(f"/contacts/{ended.uuid}/wrap-up/").content.decode()
    assert "Sold something" in page
    assert 'value="RESOLVED"' not in page
    refused = browser.post(f"/contacts/{ended.uuid}/wrap-up/", closing())
    assert refused.status_code == 422
    browser.post(f"/contacts/{ended.uuid}/wrap-up/", closing(result="BOUGHT"))
    ended.refresh_from_db()
    assert (ended.status, ended.result) == ("CLOSED", "BOUGHT")
    assert "Sold something" in browser.get(f"/contacts/{ended.uuid}/record/").content.decode()


@pytest.mark.covers("A-12", "N-07")
def test_a_follow_up_becomes_a_promise_in_the_same_breath(client_for, agent, ended):
    browser = client_for(agent)
    address = f"/contacts/{ended.uuid}/wrap-up/"
    refused = browser.post(address, closing(result="FOLLOW_UP"))
    assert refused.status_code == 422
    assert "nothing has been promised" in " ".join(refused.context["form"].errors["follow_up"])
    refused = browser.post(address, closing(result="FOLLOW_UP", follow_up="Call back"))
    assert "Say by when." in refused.context["form"].errors["follow_up_on"]
    late = {"follow_up": "Call back", "follow_up_kind": "CALL_BACK", "follow_up_on": "2020-01-01"}
    refused = browser.post(address, closing(result="FOLLOW_UP", **late))
    assert "That moment is over." in refused.context["form"].errors["follow_up_on"]
    slip = late | {"follow_up_on": "9999-12-31"}
    refused = browser.post(address, closing(result="FOLLOW_UP", **slip))
    assert "Check the year." in refused.context["form"].errors["follow_up_on"]
    ended.refresh_from_db()
    assert ended.is_live
    assert not Promise.objects.exists()

    day = clock.today() + dt.timedelta(days=2)
    browser.post(address, closing(result="FOLLOW_UP", **(late | {"follow_up_on": str(day)})))

    promise = Promise.objects.get()
    assert (promise.kind, promise.owner, promise.account) == ("CALL_BACK", agent, ended.account)
    assert promise.due_at == clock.start_of_day(day + dt.timedelta(days=1))
    assert promise.interaction_uuid == ended.uuid
    ended.refresh_from_db()
    assert ended.status == "CLOSED"


@pytest.mark.covers("A-12")
def test_what_the_timer_closed_while_somebody_typed_is_completed_all_the_same(
    client_for, agent, supervisor, ended
):
    browser = client_for(agent)
    address = f"/contacts/{ended.uuid}/wrap-up/"
    page = browser.get(address).content.decode()
    assert "closes by itself at" in page
    form = page[page.index("data-submit-once") :]
    (named,) = re.findall(r'name="interaction" value="([^"]*)"', form[: form.index("</form>")])
    over = timezone.now() + dt.timedelta(seconds=current_profile().wrap_up_seconds + 1)
    assert close_overdue_wrap_ups(now=over) == 1
    assert "The timer has closed this contact" in browser.get(address).content.decode()
    assert client_for(supervisor).get(address).status_code == 404
    # As the page sends it: it names no contact but the one in its address.
    answer = browser.post(address, closing(interaction=named, notes="What I was typing"))
    assert answer.status_code == 302
    ended.refresh_from_db()
    assert (ended.reason.code, ended.notes) == ("OTHER", "What I was typing")
    assert Event.objects.filter(name="interactions.interaction.completed_late").count() == 1
    assert browser.get(address).status_code == 404, "once, not for ever"


def test_after_a_day_the_timers_word_stands(client_for, agent, ended):
    over = timezone.now() + dt.timedelta(seconds=current_profile().wrap_up_seconds + 1)
    close_overdue_wrap_ups(now=over)
    Interaction.objects.filter(pk=ended.pk).update(
        closed_at=timezone.now() - dt.timedelta(hours=25)
    )
    assert client_for(agent).get(f"/contacts/{ended.uuid}/wrap-up/").status_code == 404


def test_ones_own_notes_are_changed_later_and_what_stood_there_is_kept(
    client_for, agent, supervisor, ended
):
    browser = client_for(agent)
    browser.post(f"/contacts/{ended.uuid}/wrap-up/", closing())
    ended.refresh_from_db()
    address = f"/contacts/{ended.uuid}/notes/"
    assert address in browser.get(f"/contacts/{ended.uuid}/record/").content.decode()
    assert client_for(supervisor).get(address).status_code == 404
    stale = browser.post(address, {"notes": "x", "version": ended.version - 1})
    assert stale.status_code == 409
    browser.post(address, {"notes": "All well, and more", "version": ended.version})
    ended.refresh_from_db()
    assert ended.notes == "All well, and more"
    event = Event.objects.get(name="interactions.interaction.amended")
    assert event.payload == {"before": "All well"}


@pytest.mark.covers("B-19")
def test_clearing_says_what_goes_and_what_stays_before_it_is_done(
    client_for, agent, customer, script
):
    contact = confirm_account(account=customer, agent=agent, interaction=None)
    browser = client_for(agent)
    address = f"/contacts/{contact.uuid}/clear/"
    page = browser.get(address).content.decode()
    assert "who and what was confirmed" in page
    assert "This stays" not in page
    named = {"headers": {"X-Interaction": str(contact.uuid)}}
    day = clock.today() + dt.timedelta(days=1)
    promised = {"kind": "REFUND", "text": "Ten pounds", "due_on": str(day)}
    browser.post(f"/promises/new/{customer.uuid}/", promised, **named)
    promise = Promise.objects.get()

    asked = browser.post(address, **named)

    assert asked.status_code == 422
    page = asked.content.decode()
    assert "This stays" in page
    assert f"/promises/{promise.uuid}/" in page
    contact.refresh_from_db()
    assert contact.is_live
    browser.post(address, {"sure": "1"}, **named)
    contact.refresh_from_db()
    assert (contact.status, contact.account) == ("CLEARED", None)
    assert Promise.objects.filter(pk=promise.pk).exists()


def link_in(message: Message) -> str:
    secret = json.loads(vault.unlock(message.secret, purpose="message-secret"))
    return "/feedback/" + secret["link"].split("/feedback/")[1]


@pytest.mark.covers("A-12")
def test_the_customer_is_asked_once_by_a_link_and_answers_once(client_for, agent, ended, asks):
    browser = client_for(agent)
    assert (
        "will be asked at marjorie@example.com"
        in browser.get(f"/contacts/{ended.uuid}/wrap-up/").content.decode()
    )
    browser.post(f"/contacts/{ended.uuid}/wrap-up/", closing())
    message = Message.objects.get(subject_uuid=ended.uuid)
    assert message.to == "marjorie@example.com"
    link = link_in(message)
    token = link.rstrip("/").split("/")[-1]
    assert token not in message.text
    assert not SatisfactionQuestion.objects.filter(token_sha256=token).exists()

    customer = client_for(None)
    for _scan in range(3):  # scanners of mails open every link
        page = customer.get(link)
        assert page.status_code == 200
        assert "How satisfied are you" in page.content.decode()
    question = SatisfactionQuestion.objects.get()
    assert question.answered_at is None
    for wrong in ({}, {"score": "6"}, {"score": "0"}, {"score": "x"}):
        assert customer.post(link, wrong).status_code == 422
    assert "Thank you" in customer.post(link, {"score": "2", "comment": "Slow"}).content.decode()
    again = customer.post(link, {"score": "5"})
    assert "answered already" in again.content.decode()
    question.refresh_from_db()
    assert (question.score, question.comment) == (2, "Slow")
    record = browser.get(f"/contacts/{ended.uuid}/record/").content.decode()
    assert "2 of 5" in record
    assert "Slow" in record


def test_a_link_that_is_over_or_mistyped_says_so(client_for, ended, asks):
    question = ask_satisfaction(interaction=ended)
    link = link_in(Message.objects.get())
    SatisfactionQuestion.objects.update(expires_at=timezone.now())
    visitor = client_for(None)
    assert visitor.get(link).status_code == 410
    assert visitor.post(link, {"score": "5"}).status_code == 410
    assert visitor.get("/feedback/nothing/").status_code == 404
    question.refresh_from_db()
    assert question.score is None


def test_who_is_not_to_be_asked_is_left_in_peace(agent, customer, asks, ended):
    assert ask_satisfaction(interaction=ended) is not None
    other = confirm_account(account=customer, agent=agent, interaction=None)
    assert ask_satisfaction(interaction=other) is None, "asked lately"
    SatisfactionQuestion.objects.update(asked_at=timezone.now() - dt.timedelta(days=31))
    other.result = "NOT_REACHED"
    assert ask_satisfaction(interaction=other) is None
    other.result = "RESOLVED"
    customer.contact_points.all().delete()
    assert ask_satisfaction(interaction=other) is None, "no address"
    asks.is_on = False
    asks.save()
    assert Message.objects.count() == 1


def test_nobody_is_asked_before_the_tenant_says_so(client_for, agent, ended: Any):
    client_for(agent).post(f"/contacts/{ended.uuid}/wrap-up/", closing())
    assert not SatisfactionQuestion.objects.exists()
