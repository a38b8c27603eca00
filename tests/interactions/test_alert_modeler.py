"""The alert modeler: typed wrongly, tried out, released by one or by two, edited by two."""

from __future__ import annotations

from typing import Any

import pytest

from interactions.models import Alert, AlertRule
from interactions.queries.alerts.sampling import share_of
from interactions.services.alerts.editing import (
    ConditionInput,
    MeasureInput,
    RuleInput,
    RuleNotEditable,
    change_rule,
)
from interactions.services.alerts.releasing import (
    SecondPersonNeeded,
    make_next_version,
    release_rule,
)
from tests.factories.accounts import AccountFactory
from tests.factories.alerts import draft, released
from utilcrm.facts import facts

pytestmark = pytest.mark.django_db

CORPORATE = ("segment", "IS", "CORPORATE")


@pytest.fixture(autouse=True)
def _only_the_tests_own_rules():
    AlertRule.objects.all().delete()


def typed(**more: Any) -> dict[str, Any]:
    return {
        "title": "Was dunned",
        "code": "DUNNING",
        "kind": "ALERT",
        "severity": "WARNING",
        "event": "ACCOUNT_CONFIRMED",
        "message": "Level {dunning_level}",
        "fact_1": "dunning_level",
        "operator_1": "AT_LEAST",
        "number_1": "2",
        "button_1": "Open items",
        "opens_1": "screen:OPEN_ITEMS",
        **{f"operator_{n}": "IS" for n in range(2, 7)},
        **more,
    }


@pytest.mark.covers("B-12")
def test_an_administrator_makes_and_releases_a_rule_by_the_screens_alone(client_for, tenant_admin):
    AccountFactory.create_batch(3)
    browser = client_for(tenant_admin)
    assert browser.get("/alerts/new/").status_code == 200
    answer = browser.post("/alerts/new/", typed(after_seconds="90"))
    rule = AlertRule.objects.get()
    assert answer.headers["Location"] == f"/alerts/{rule.uuid}/"
    page = browser.get(f"/alerts/{rule.uuid}/").content.decode()
    assert "Account confirmed, 90 seconds later" in page
    assert "Dunning level" in page
    assert "is at least" in page
    browser.post(f"/alerts/{rule.uuid}/release/", {"version": rule.version})
    rule.refresh_from_db()
    assert rule.is_released
    assert "DUNNING" in browser.get("/alerts/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"number_1": "many"}, "number_1", "is compared with a number"),
        ({"number_1": ""}, "number_1", "is compared with a number"),
        ({"number_1": "1,000"}, "number_1", "without thousands separators"),
        ({"number_1": "1e5"}, "number_1", "is compared with a number"),
        ({"operator_1": "IS_NOT"}, "operator_1", "cannot be compared like this"),
        ({"fact_1": "contract_ends_in_days", "number_1": "1.5"}, "number_1", "whole days"),
        ({"fact_1": "vulnerable", "operator_1": "IS"}, "choice_1", "Choose yes or no"),
        (
            {"fact_1": "vulnerable", "operator_1": "AT_LEAST", "choice_1": "YES"},
            "operator_1",
            "cannot be compared",
        ),
        (
            {"fact_1": "segment", "operator_1": "IS", "choice_1": "channel:PHONE"},
            "choice_1",
            "Choose one of the values",
        ),
        ({"fact_1": "shoe_size"}, "fact_1", "not one of the available"),
        ({"fact_1": ""}, "fact_1", "Choose the fact"),
        ({"message": "Dear {surname}"}, "message", "{surname} is no variable"),
        ({"button_1": ""}, "button_1", "what stands on the button"),
        ({"opens_1": ""}, "opens_1", "what the button does"),
        ({"kind": "PROPOSAL"}, "proposes", "what is proposed"),
        ({"code": "no code"}, "code", "Capital letters"),
    ],
    ids=str,
)
def test_what_is_typed_wrongly_is_said_at_its_field_and_kept(
    wrong, field, said, client_for, tenant_admin
):
    answer = client_for(tenant_admin).post("/alerts/new/", typed(**wrong))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert said in " ".join(form.errors[field])
    assert 'value="Open items"' in answer.content.decode() or "button_1" in wrong
    assert not AlertRule.objects.exists()


@pytest.mark.covers("B-12")
def test_the_preview_says_for_a_real_customer_why_it_would_fire_and_writes_nothing(
    client_for, tenant_admin
):
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    rule = draft(tenant_admin, ("has_email", "IS", "NO"), ("channel", "IS", "PHONE"))
    browser = client_for(tenant_admin)
    page = browser.get(f"/alerts/{rule.uuid}/", {"account": account.number}).content.decode()
    assert "It would not fire" in page
    assert "only within a contact" in page
    change_rule(
        rule=rule,
        actor=tenant_admin,
        version=None,
        facts_=_input(("has_email", "IS", "NO"), title="No address"),
    )
    answer = browser.get(f"/alerts/{rule.uuid}/", {"account": account.number})
    verdict = answer.context["verdict"]
    assert verdict.fires
    assert [(line.label, line.found) for line in verdict.lines] == [
        ("E-mail address is on file", "No")
    ]
    assert "It would fire" in answer.content.decode()
    assert not Alert.objects.exists()
    assert (
        "No customer of yours"
        in browser.get(f"/alerts/{rule.uuid}/", {"account": "nobody"}).content.decode()
    )


def _input(*conditions: tuple[str, str, str], **facts_: Any) -> Any:
    facts_.setdefault("title", "Look here")
    facts_.setdefault("message", "Look")
    return RuleInput(
        conditions=[ConditionInput(*one) for one in conditions],
        measures=[MeasureInput("Seen")],
        **facts_,
    )


@pytest.mark.parametrize("conditions", [[], [("segment", "IS", "RESIDENTIAL")]], ids=str)
@pytest.mark.covers("B-12")
def test_a_rule_that_matches_everybody_is_shown_as_such_and_needs_a_second_person(
    conditions, client_for, tenant_admin, supervisor
):
    AccountFactory.create_batch(4)
    rule = draft(tenant_admin, *conditions)
    browser = client_for(tenant_admin)
    page = browser.get(f"/alerts/{rule.uuid}/").content.decode()
    assert "This matches nearly everybody" in page
    assert "100 %" in page
    browser.post(f"/alerts/{rule.uuid}/release/", {"version": rule.version})
    rule.refresh_from_db()
    assert rule.is_draft
    assert rule.asked_by == tenant_admin
    with pytest.raises(SecondPersonNeeded):
        release_rule(rule=rule, actor=tenant_admin, version=rule.version)
    answer = browser.post(f"/alerts/{rule.uuid}/release/", {"version": rule.version})
    assert answer.status_code == 422
    assert "Somebody else has to look" in answer.content.decode()

    # What is changed after it was asked for has to be asked for anew.
    change_rule(rule=rule, actor=supervisor, version=rule.version, facts_=_input(*conditions))
    rule.refresh_from_db()
    assert rule.asked_by is None

    release_rule(rule=rule, actor=tenant_admin, version=None)
    client_for(supervisor).post(
        f"/alerts/{rule.uuid}/release/", {"version": AlertRule.objects.get().version}
    )
    rule.refresh_from_db()
    assert rule.is_released
    assert rule.matched == rule.sampled >= 4


def test_the_share_is_counted_over_a_sample_in_a_fixed_number_of_queries(
    tenant_admin, django_assert_num_queries
):
    AccountFactory.create_batch(3, segment="CORPORATE")
    AccountFactory.create_batch(6)
    rule = draft(tenant_admin, CORPORATE)
    list(rule.conditions.all())
    with django_assert_num_queries(4):
        share = share_of(rule)
    assert share.matched >= 3
    assert share.sampled >= 9
    assert not share.is_broad


@pytest.mark.covers("B-12")
def test_two_administrators_who_edit_one_rule_see_one_another(client_for, tenant_admin, supervisor):
    rule = draft(tenant_admin, CORPORATE, code="DUNNING")
    page = client_for(tenant_admin).get(f"/alerts/{rule.uuid}/edit/")
    form = page.context["form"]
    mine = {bound.html_initial_name: _plain(bound.value()) for bound in form}
    mine |= {bound.html_name: _plain(bound.value()) for bound in form}
    mine |= {"version": rule.version, "title": "Mine"}
    change_rule(
        rule=rule,
        actor=supervisor,
        version=rule.version,
        facts_=_input(CORPORATE, title="Theirs", message="Something about {customer_name}"),
    )
    answer = client_for(tenant_admin).post(f"/alerts/{rule.uuid}/edit/", mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Theirs" in text
    assert 'value="Mine"' in text
    rule.refresh_from_db()
    assert rule.title == "Theirs"


def _plain(value: Any) -> Any:
    return "" if value is None else value


def test_a_released_version_is_not_edited_and_its_next_one_retires_it(
    client_for, tenant_admin, supervisor
):
    AccountFactory()
    rule = released(tenant_admin, CORPORATE, second=supervisor)
    with pytest.raises(RuleNotEditable):
        change_rule(rule=rule, actor=tenant_admin, version=None, facts_=_input())
    assert (
        "stays as it is"
        in client_for(tenant_admin).get(f"/alerts/{rule.uuid}/edit/").content.decode()
    )
    following = make_next_version(rule=rule, actor=tenant_admin)
    assert make_next_version(rule=rule, actor=supervisor) == following
    assert [str(one) for one in following.conditions.all()] == ["segment IS CORPORATE"]
    assert [one.label for one in following.measures.all()] == ["Seen to"]
    release_rule(rule=following, actor=tenant_admin, version=None)
    rule.refresh_from_db()
    assert rule.status == "RETIRED"
    assert AlertRule.objects.filter(status="RELEASED").get() == following


def test_a_rule_without_words_or_measure_is_not_released(client_for, tenant_admin):
    AccountFactory()
    rule = draft(tenant_admin, CORPORATE, message="", measures=[])
    answer = client_for(tenant_admin).post(
        f"/alerts/{rule.uuid}/release/", {"version": rule.version}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is no measure" in text
    assert "the message is empty" in text


def test_every_fact_is_documented_for_administrators(client_for, tenant_admin):
    page = client_for(tenant_admin).get("/alerts/facts/").content.decode()
    for fact in facts().values():
        assert f"{{{fact.key}}}" in page
        assert str(fact.help)
        assert len(fact.key) <= 60


def test_agents_build_no_alerts(client_for, agent, tenant_admin):
    rule = draft(tenant_admin, CORPORATE)
    browser = client_for(agent)
    for address in ("", "new/", f"{rule.uuid}/", f"{rule.uuid}/edit/", "report/", "facts/"):
        assert browser.get(f"/alerts/{address}").status_code == 403
