"""What a tenant sets for its wrap-ups."""

from __future__ import annotations

import pytest

from interactions.models import ContactResult, Reason, SatisfactionPolicy
from interactions.queries.contacts import reasons
from interactions.queries.results import choosable_results

pytestmark = pytest.mark.django_db


@pytest.mark.covers("A-12")
def test_an_administrator_sets_reasons_results_and_the_question(client_for, tenant_admin):
    browser = client_for(tenant_admin)
    assert "Billing" in browser.get("/wrap-up/").content.decode()
    typed = {"code": "SMART_METER", "own_label": "Smart meter", "position": "3", "is_active": "on"}
    browser.post("/wrap-up/reasons/new/", typed | {"parent": "BILLING"})
    leaves = {parent.code: [one.code for one in below] for parent, below in reasons()}
    assert "SMART_METER" in leaves["BILLING"]

    sold = {"code": "SOLD", "own_label": "Sold", "position": "0", "is_active": "on"}
    browser.post("/wrap-up/results/new/", sold | {"needs_follow_up": "on"})
    assert {"SOLD", "RESOLVED"} <= {one.code for one in choosable_results()}
    browser.post("/wrap-up/results/RESOLVED/", {"own_label": "Done", "position": "1"})
    assert "RESOLVED" not in {one.code for one in choosable_results()}

    browser.post("/wrap-up/satisfaction/", {"is_on": "on", "link_days": "7", "quiet_days": "60"})
    policy = SatisfactionPolicy.objects.get()
    assert (policy.is_on, policy.link_days, policy.quiet_days) == (True, 7, 60)
    assert "Customers are asked by e-mail" in browser.get("/wrap-up/").content.decode()


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        ("reasons/new/", {"code": "BILLING", "own_label": "x"}, "with this code already"),
        ("reasons/new/", {"code": "NEW_ONE"}, "Say how it is called"),
        ("reasons/new/", {"code": "lower", "own_label": "x"}, "Capital letters"),
        ("reasons/new/", {"code": "X", "own_label": "x", "parent": "MOVE"}, "not one of"),
        ("reasons/BILLING/", {"own_label": "x", "parent": "SALES"}, "two levels"),
        ("reasons/BILLING/", {"own_label": "x", "parent": "BILLING"}, "two levels"),
        ("reasons/TIMED_OUT/", {"own_label": "x", "is_active": ""}, "timer needs this reason"),
        ("results/new/", {"code": "RESOLVED", "own_label": "x"}, "with this code already"),
        ("results/new/", {"code": "NEW_ONE"}, "Say how it is called"),
        ("satisfaction/", {"link_days": "0", "quiet_days": "1"}, "greater than or equal to 1"),
        ("satisfaction/", {"link_days": "x", "quiet_days": "1"}, "whole number"),
    ],
)
def test_what_cannot_be_set_is_said_at_its_field(address, typed, said, client_for, tenant_admin):
    typed = {"position": "1", "is_active": "on"} | typed
    answer = client_for(tenant_admin).post(f"/wrap-up/{address}", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_one_result_always_stays_to_choose(client_for, tenant_admin):
    ContactResult.objects.exclude(code="RESOLVED").delete()
    answer = client_for(tenant_admin).post("/wrap-up/results/RESOLVED/", {"position": "1"})
    assert answer.status_code == 422
    assert "One result at least" in answer.content.decode()


def test_a_tenant_from_before_results_could_be_set_has_the_default_ones(client_for, tenant_admin):
    ContactResult.objects.all().delete()
    before = {one.code for one in choosable_results()}
    assert {"RESOLVED", "FOLLOW_UP"} <= before
    assert "NOT_STATED" not in before
    browser = client_for(tenant_admin)
    browser.post("/wrap-up/results/RESOLVED/", {"own_label": "Done", "position": "1"})
    assert {one.code for one in choosable_results()} == before - {"RESOLVED"}


def test_agents_set_nothing(client_for, agent):
    for address in ("", "reasons/new/", "reasons/BILLING/", "results/RESOLVED/", "satisfaction/"):
        assert client_for(agent).get(f"/wrap-up/{address}").status_code == 403
    assert Reason.objects.exists()
