"""What people type wrong, twice, at the same time, or in bad faith."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from service.models import Case, LetterText
from tests.factories.accounts import OrganisationFactory
from tests.service.conftest import at
from utilcrm import clock

pytestmark = pytest.mark.django_db


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept(agents, account):
    tomorrow = clock.today() + dt.timedelta(days=1)

    answer = agents.post(
        at("open", account),
        {"case_class": "", "subject": "", "text": "Every word of it", "received_on": tomorrow},
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"case_class", "subject", "received_on"}
    assert "Every word of it" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_receipt_that_cannot_be_written_opens_no_case(agents, account):
    LetterText.objects.filter(purpose="RECEIPT").update(body="Thank you.")

    answer = agents.post(
        at("open", account),
        {
            "case_class": "complaint",
            "subject": "The bill",
            "channel": "PHONE",
            "received_on": clock.today(),
            "send_receipt": "on",
        },
    )

    assert answer.status_code == 422
    assert "The letter lacks" in str(answer.context["form"].errors["send_receipt"])
    assert not Case.objects.exists()


def test_somebody_else_s_change_is_shown_and_the_answer_typed_is_kept(agents, open_one, supervisor):
    case = open_one()
    seen = case.version
    case.assign(supervisor)

    answer = agents.post(
        at("answer", case), {"outcome": "INFORMED", "decision": "Typed words", "version": seen}
    )

    assert answer.status_code == 409
    assert "Typed words" in answer.content.decode()


def test_who_takes_a_case_that_a_colleague_has_just_taken_is_told_and_takes_nothing(
    agents, agent, supervisor, client_for, open_one
):
    case = open_one()
    seen = {"version": case.version}
    assert client_for(supervisor).post(at("take", case), seen).status_code == 302

    late = agents.post(at("take", case), seen)

    assert late.status_code == 409
    assert "Supervisor Tester" in late.content.decode()
    case.refresh_from_db()
    assert case.owner == supervisor
    agents.post(at("take", case), {"version": late.context["version"]})
    agents.post(at("take", case), {"version": case.version + 1})
    case.refresh_from_db()
    assert case.owner == agent
    agents.post(at("give_back", case), {"version": case.version})
    case.refresh_from_db()
    assert case.owner is None


@pytest.mark.parametrize("name", ["reclassify", "close", "assign"])
def test_what_a_colleague_has_changed_meanwhile_is_not_written_over(
    name, client_for, supervisor, agent, open_one
):
    case = open_one()
    typed = {
        "case_class": "complaint",
        "outcome": "UPHELD",
        "reason": "Typed words",
        "to": supervisor.pk,
        "version": case.version,
    }
    case.assign(agent)
    browser = client_for(supervisor)

    refused = browser.post(at(name, case), typed)

    assert refused.status_code == 409
    assert "Somebody changed the case meanwhile" in refused.content.decode()
    field = {"reclassify": "case_class", "close": "reason", "assign": "to"}[name]
    assert str(refused.context["form"][field].value()) == str(typed[field])
    case.refresh_from_db()
    assert (case.owner, case.status) == (agent, "IN_PROGRESS")
    again = browser.post(at(name, case), typed | {"version": refused.context["version"]})
    assert again.status_code == 302


def test_a_case_is_given_only_to_who_can_see_its_customer(
    client_for, supervisor, corporate_manager, outsider, open_one
):
    case = open_one()
    browser = client_for(supervisor)

    blind = browser.post(at("assign", case), {"to": corporate_manager.pk})
    nobody = browser.post(at("assign", case), {"to": outsider.pk})

    assert "cannot see this customer" in str(blind.context["form"].errors["to"])
    assert "to" in nobody.context["form"].errors
    case.refresh_from_db()
    assert case.owner is None


MARKUP = "<script>alert(1)</script>"


def test_long_texts_are_taken_endless_ones_kept_and_markup_shown_as_it_was_typed(agents, open_one):
    case = open_one(subject=f"{MARKUP}\nX-Evil: 1", text=MARKUP)
    long = f"{MARKUP} {'word ' * 2000}"

    assert agents.post(at("note", case), {"text": long}).status_code == 302
    endless = agents.post(at("note", case), {"text": "word " * 5000})

    assert endless.status_code == 422
    assert "word word" in endless.content.decode()
    assert case.subject == f"{MARKUP} X-Evil: 1"
    preview = {"outcome": "UPHELD", "decision": long + "{number}", "preview": "yes"}
    for page in (agents.get(at("case", case)), agents.post(at("answer", case), preview)):
        shown = page.content.decode()
        assert MARKUP not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{number}" in shown, "what a person types is text, not a template"


@pytest.mark.parametrize(
    ("name", "field", "day"),
    [
        ("open", "received_on", "0001-01-01"),
        ("open", "received_on", "9999-12-31"),
        ("open", "received_on", "2026-02-30"),
        ("promise_new", "due_on", "0001-01-01"),
        ("promise_new", "due_on", "9999-12-31"),
    ],
)
def test_a_day_out_of_all_order_is_refused_at_its_field(name, field, day, agents, account):
    typed = {
        "case_class": "complaint",
        "subject": "The bill",
        "channel": "PHONE",
        "kind": "OTHER",
        "text": "Every word",
        field: day,
    }

    answer = agents.post(at(name, account), typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert "Every word" in answer.content.decode()


def test_a_form_sent_twice_opens_one_case(agents, account):
    typed = {
        "case_class": "complaint",
        "subject": "The bill",
        "channel": "PHONE",
        "received_on": clock.today(),
        "form_token": "0" * 32,
    }

    first, second = (agents.post(at("open", account), typed) for _nth in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1


def test_a_filter_that_makes_no_sense_breaks_nothing(agents, open_one):
    open_one()
    for name in ("cases", "board", "promises"):
        for wrong in ("account=x", "state=x", "whose=x", "kind=%00", "source=x", "page=x"):
            answer = agents.get(f"{reverse(f'service:{name}')}?{wrong}")
            assert answer.status_code in {200, 404}, wrong


def test_what_belongs_to_another_segment_is_not_there(client_for, regional_manager, open_one):
    theirs = open_one(account=OrganisationFactory())
    browser = client_for(regional_manager)

    assert browser.get(at("case", theirs)).status_code == 404
    assert theirs.number not in browser.get(reverse("service:cases")).content.decode()
    assert browser.get(at("open", theirs.account)).status_code == 404
