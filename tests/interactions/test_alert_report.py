"""What every tenant starts with, and what became of alerts."""

from __future__ import annotations

import pytest

from interactions.models import Alert, AlertRule
from interactions.queries.alerts.checks import problems_of
from interactions.services.alerts.seeding import seed_alerts
from tenants.queries import current_profile, forget_kept
from tests.factories.alerts import released

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_tests_own_rules():
    AlertRule.objects.all().delete()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_tenant_starts_with_alerts_that_could_be_released(language):
    current_profile().language = language
    seed_alerts()
    forget_kept()
    rules = list(AlertRule.objects.all())
    assert {rule.kind for rule in rules} == {"ALERT", "PROPOSAL"}
    for rule in rules:
        assert rule.is_released
        assert not problems_of(rule), rule.code
        # A tenant starts with nothing that stands in the way of a wrap-up, nor with what is broad.
        assert not rule.needs_reason
        assert rule.conditions.exists()
    seed_alerts()
    assert AlertRule.objects.count() == len(rules)


@pytest.mark.covers("B-12", "B-13")
def test_the_report_counts_what_became_of_alerts_with_the_rows_behind_them(
    client_for, agent, tenant_admin, supervisor, contact
):
    released(tenant_admin, ("has_email", "IS", "YES"), second=supervisor)
    browser = client_for(agent)
    browser.get(f"/contacts/{contact.uuid}/alerts/")
    alert = Alert.objects.get()
    browser.post(f"/alerts/shown/{alert.uuid}/dismiss/", {"reason": "=1+1"})
    reader = client_for(tenant_admin)
    line = reader.get("/alerts/report/").context["lines"][0]
    assert (line.code, line.shown, line.acted, line.dismissed, line.ignored) == (
        "RULE",
        1,
        0,
        1,
        0,
    )
    assert contact.number in reader.get("/alerts/report/RULE/?state=DISMISSED").content.decode()
    assert contact.number not in reader.get("/alerts/report/RULE/?state=ACTED").content.decode()
    file = b"".join(reader.get("/alerts/report/file/").streaming_content).decode()
    assert contact.number in file
    assert "'=1+1" in file
    assert not reader.get("/alerts/report/?last=2020-01-01").context["lines"]
