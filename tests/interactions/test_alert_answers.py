"""What an agent makes of an alert: act on it, put it aside, accept or decline."""

from __future__ import annotations

import pytest

from interactions.choices.alerts import AlertKind, MeasureKind, Proposes, Severity
from interactions.models import Alert, AlertRule, Reason
from interactions.services.alerts.editing import MeasureInput
from tests.factories.alerts import released
from tests.factories.products import GasProductFactory
from tests.interactions.alerting import DUNNED, rail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_tests_own_rules():
    AlertRule.objects.all().delete()


@pytest.mark.covers("B-13")
def test_a_grave_alert_is_put_aside_with_a_reason_only_and_blocks_the_wrap_up(
    client_for, agent, tenant_admin, contact, owing
):
    released(tenant_admin, DUNNED, severity=Severity.HIGH, title="Grave", second=agent)
    browser = client_for(agent)
    rail(browser, contact)
    alert = Alert.objects.get()
    closing = {"reason": Reason.objects.get(code="OTHER").code, "result": "RESOLVED"}
    refused = browser.post(f"/contacts/{contact.uuid}/wrap-up/", closing)
    assert refused.status_code == 422
    assert "Grave" in refused.content.decode()

    answer = browser.post(
        f"/alerts/shown/{alert.uuid}/dismiss/", {"reason": "  "}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.is_open
    answer = browser.post(
        f"/alerts/shown/{alert.uuid}/dismiss/",
        {"reason": "Has paid today"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    alert.refresh_from_db()
    assert (alert.status, alert.reason) == ("DISMISSED", "Has paid today")
    again = browser.post(f"/alerts/shown/{alert.uuid}/dismiss/", {"reason": "Twice"})
    assert again.status_code == 422
    assert browser.post(f"/contacts/{contact.uuid}/wrap-up/", closing).status_code == 302


@pytest.mark.covers("B-13")
def test_a_next_best_action_says_its_reason_and_keeps_whether_it_was_accepted(
    client_for, agent, tenant_admin, contact, owing
):
    catalogue_product = GasProductFactory()
    released(
        tenant_admin,
        ("gas", "IS", "NO"),
        ("overdue", "LESS_THAN", "500"),
        kind=AlertKind.PROPOSAL,
        proposes=Proposes.PRODUCT,
        product=catalogue_product,
        title="Offer gas",
        message="Offer {product}",
        measures=[MeasureInput("New quotation", MeasureKind.SCREEN, "QUOTATION")],
        second=agent,
    )
    browser = client_for(agent)
    page = rail(browser, contact)
    assert f"Offer {catalogue_product.name}" in page
    assert "Has gas from us: No" in page
    assert "Overdue: £110.57" in page
    alert = Alert.objects.get()
    answer = browser.post(f"/alerts/shown/{alert.uuid}/act/1/")
    assert "/quotations/new/" in answer.headers["Location"]
    assert f"account={owing.uuid}" in answer.headers["Location"]
    alert.refresh_from_db()
    assert alert.status == "ACTED"


@pytest.mark.covers("B-13")
def test_a_button_whose_page_cannot_open_yet_answers_nothing(
    client_for, agent, tenant_admin, contact, owing
):
    later = MeasureInput("Pay later", MeasureKind.SCREEN, "PAY_LATER")
    released(tenant_admin, DUNNED, measures=[later], second=agent)
    browser = client_for(agent)
    rail(browser, contact)
    alert = Alert.objects.get()
    answer = browser.post(f"/alerts/shown/{alert.uuid}/act/1/")
    assert answer.status_code == 422
    assert "as soon as it is confirmed" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.is_open
    contact.refresh_from_db()
    contact.confirm(agreement=owing.agreements.get())
    answer = browser.post(f"/alerts/shown/{alert.uuid}/act/1/")
    assert str(owing.agreements.get().uuid) in answer.headers["Location"]


@pytest.mark.covers("A-07")
def test_an_alert_starts_a_script(client_for, agent, tenant_admin, contact, owing, script):
    released(
        tenant_admin,
        DUNNED,
        measures=[MeasureInput("Talk about it", MeasureKind.SCRIPT, script.code)],
        second=agent,
    )
    browser = client_for(agent)
    rail(browser, contact)
    answer = browser.post(f"/alerts/shown/{Alert.objects.get().uuid}/act/1/")
    run = contact.script_runs.get()
    assert run.script == script
    assert answer.headers["Location"] == f"/runs/{run.uuid}/"


def test_a_colleague_sees_what_was_raised_but_raises_and_answers_nothing(
    client_for, agent, supervisor, tenant_admin, contact, owing
):
    released(tenant_admin, DUNNED, second=agent)
    assert "Look here" not in rail(client_for(supervisor), contact)
    rail(client_for(agent), contact)
    assert "Look here" in rail(client_for(supervisor), contact)
    address = f"/alerts/shown/{Alert.objects.get().uuid}/"
    assert client_for(supervisor).post(f"{address}act/1/").status_code == 404
    assert client_for(supervisor).post(f"{address}dismiss/").status_code == 404
