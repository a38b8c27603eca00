"""Alerts in a contact: when they fire, that they fire once, what becomes of them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Vulnerability
from events.models import Event
from interactions.choices.alerts import AlertEvent, AlertKind, MeasureKind, Proposes
from interactions.models import Alert, AlertRule
from interactions.services.alerts.editing import MeasureInput
from interactions.services.alerts.releasing import retire_rule
from interactions.services.confirming import confirm_account
from interactions.services.contacts import clear_contact
from service.models import Promise
from tests.factories.accounts import AccountFactory
from tests.factories.alerts import draft, released
from tests.interactions.alerting import DUNNED, rail
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_tests_own_rules():
    AlertRule.objects.all().delete()


@pytest.mark.covers("B-12")
def test_a_released_rule_fires_once_an_interaction_and_a_draft_never(
    client_for, agent, tenant_admin, contact, owing
):
    browser = client_for(agent)
    draft(tenant_admin, DUNNED, code="DRAFT", title="Not yet released")
    assert "Not yet released" not in rail(browser, contact)
    released(
        tenant_admin,
        DUNNED,
        code="DUNNING",
        title="Was dunned",
        message="{customer_name} is at level {dunning_level} and owes {overdue}",
        measures=[MeasureInput("Open items", MeasureKind.SCREEN, "OPEN_ITEMS")],
        second=agent,
    )
    page = rail(browser, contact)
    assert "Marjorie Thistlewood is at level 2 and owes £110.57" in page
    assert rail(browser, contact).count("Was dunned") == page.count("Was dunned")
    alert = Alert.objects.get()
    assert alert.found == [{"fact": "dunning_level", "label": "Dunning level", "found": "2"}]

    answer = browser.post(f"/alerts/shown/{alert.uuid}/act/1/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/{owing.uuid}/#standing"
    assert "Was dunned" not in rail(browser, contact)
    alert.refresh_from_db()
    assert (alert.status, alert.measure, alert.settled_by) == ("ACTED", "Open items", agent)
    event = Event.objects.get(name="interactions.alert.acted_on")
    assert (event.interaction_uuid, event.account_uuid) == (contact.uuid, owing.uuid)


@pytest.mark.covers("B-12")
def test_a_new_contact_sees_the_alert_again_and_a_retired_rule_fires_no_more(
    agent, tenant_admin, contact, owing, client_for
):
    rule = released(tenant_admin, DUNNED, second=agent)
    browser = client_for(agent)
    assert "Look here" in rail(browser, contact)
    another = confirm_account(account=owing, agent=agent, interaction=None)
    assert "Look here" in rail(browser, another)
    assert Alert.objects.count() == 2
    retire_rule(rule=rule, actor=tenant_admin)
    third = confirm_account(account=owing, agent=agent, interaction=None)
    assert "Look here" not in rail(browser, third)
    assert "Look here" in rail(browser, another), "what was shown stays to be answered"


@pytest.mark.parametrize(
    ("condition", "fires"),
    [
        (("dunning_level", "AT_LEAST", "2"), True),
        (("dunning_level", "MORE_THAN", "2"), False),
        (("dunning_level", "AT_MOST", "2"), True),
        (("dunning_level", "LESS_THAN", "2"), False),
        (("dunning_level", "IS", "2"), True),
        (("overdue", "MORE_THAN", "110.56"), True),
        (("overdue", "MORE_THAN", "110.57"), False),
        (("segment", "IS", "RESIDENTIAL"), True),
        (("segment", "IS_NOT", "RESIDENTIAL"), False),
        (("has_email", "IS", "YES"), True),
        (("vulnerable", "IS", "YES"), True),
        (("promise_overdue", "IS", "YES"), True),
        (("promise_overdue", "IS", "NO"), False),
        (("complaint_open", "IS", "NO"), True),
        (("sync_parked", "IS", "YES"), False),
        (("supplies", "IS", "0"), True),
        # without an end nothing is known, and what is not known fires nothing
        (("contract_ends_in_days", "AT_MOST", "9999"), False),
        (("contacts_30_days", "AT_LEAST", "1"), False),
        (("channel", "IS", "PHONE"), True),
        (("caller_verified", "IS", "YES"), False),
        (("data_confirmed_days", "IS", "0"), True),
        (("direct_debit", "IS", "NO"), True),
        (("disconnection", "IS", "YES"), False),
        (("reading_refused", "IS", "YES"), False),
        (("premise_vacant", "IS", "NO"), False),
    ],
    ids=str,
)
@pytest.mark.covers("B-12")
def test_each_fact_is_compared_as_its_kind_allows(
    condition, fires, agent, tenant_admin, contact, owing, client_for
):
    Vulnerability.objects.create(
        account=owing, kind="MEDICAL", since=dt.date(2026, 1, 1), set_by=agent
    )
    Promise.objects.create(
        account=owing, kind="OTHER", text="Call", owner=agent, due_at=timezone.now()
    )
    rule = draft(tenant_admin, condition)
    AlertRule.objects.filter(pk=rule.pk).update(status="RELEASED", released_at=timezone.now())
    assert ("Look here" in rail(client_for(agent), contact)) is fires


@pytest.mark.covers("B-12")
def test_a_rule_is_for_the_roles_it_names(client_for, agent, tenant_admin, contact, owing):
    released(tenant_admin, DUNNED, roles=["ADMINISTRATION_CLERK"], second=agent)
    assert "Look here" not in rail(client_for(agent), contact)


@pytest.mark.covers("B-12")
def test_another_customer_in_the_same_contact_shows_no_alert_of_the_first(
    client_for, agent, tenant_admin, contact, owing
):
    released(tenant_admin, DUNNED, second=agent)
    browser = client_for(agent)
    assert "Marjorie" in rail(browser, contact)
    confirm_account(account=AccountFactory(), agent=agent, interaction=contact)
    assert "Marjorie" not in rail(browser, contact)


def test_a_cleared_contact_keeps_no_alert(agent, tenant_admin, contact, owing, client_for):
    released(tenant_admin, DUNNED, second=agent)
    rail(client_for(agent), contact)
    clear_contact(interaction=contact, agent=agent)
    assert not Alert.objects.exists()


@pytest.mark.covers("B-12")
def test_the_rail_reads_no_fact_without_a_rule_and_each_source_once_with_many(
    client_for, agent, tenant_admin, contact, owing
):
    browser = client_for(agent)
    rail(browser, contact)

    def counted(more: str = "") -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            rail(browser, contact, more)
        return [one["sql"] for one in queries]

    bare = counted()
    assert not any("billing_sync" in sql for sql in bare)
    for number in range(6):
        released(
            tenant_admin, DUNNED, ("overdue", "MORE_THAN", "1"), code=f"R{number}", second=agent
        )
    fired = counted()
    assert sum("billing_sync_standing" in sql for sql in fired) == 1
    # what was shown; rules with conditions and measures; one source; insert, and read back; whether
    # something is still to come
    asked = [sql for sql in fired if "interactions_alert" in sql or "billing_sync" in sql]
    assert len(asked) == 9, "\n".join(sql[:120] for sql in asked)
    settled = counted()
    assert not any("billing_sync_standing" in sql for sql in settled), (
        "what fired is not asked again"
    )


@pytest.mark.covers("A-12")
def test_a_rule_of_the_wrap_up_waits_for_the_wrap_up_and_stands_in_its_list(
    client_for, agent, tenant_admin, contact, owing
):
    released(
        tenant_admin,
        ("data_confirmed_days", "AT_LEAST", "0"),
        event=AlertEvent.WRAP_UP_BEGUN,
        kind=AlertKind.PROPOSAL,
        proposes=Proposes.DATA,
        title="Verify the address",
        measures=[MeasureInput("Is right")],
        second=agent,
    )
    browser = client_for(agent)
    assert "Verify the address" not in rail(browser, contact)
    page = browser.get(f"/contacts/{contact.uuid}/wrap-up/").content.decode()
    assert f"/contacts/{contact.uuid}/alerts/?wrap-up" in page
    assert "Verify the address" in rail(browser, contact, "?wrap-up")


@pytest.mark.covers("B-12")
def test_a_reminder_comes_some_seconds_after_the_confirmation(
    client_for, agent, tenant_admin, owing
):
    """SAP's standard alert "reminder n seconds after confirmation"."""
    released(tenant_admin, DUNNED, second=agent, after_seconds=120)
    contact = confirm_account(account=owing, agent=agent, interaction=None)
    browser = client_for(agent)

    early = rail(browser, contact)

    assert "Look here" not in early
    asks_after = re.search(r'hx-trigger="load delay:([0-9]+)s"', early)
    assert asks_after is not None
    assert 60 < int(asks_after[1]) <= 120, "the page asks by itself when it is time"
    with time_machine.travel(clock.now() + dt.timedelta(seconds=121)):
        late = rail(browser, contact)
    assert "Look here" in late
    assert "delay:" not in late
