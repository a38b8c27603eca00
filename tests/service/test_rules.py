"""Classes, texts and days: what administrators set without code."""

from __future__ import annotations

import pytest
from django.urls import reverse

from service.models import CalendarDay, CaseClass, LetterText, TextModule
from service.queries.clocks import tenant_calendar
from tests.service.conftest import at
from utilcrm import clock

pytestmark = pytest.mark.django_db


def test_rules_are_changed_by_those_in_charge_and_never_in_a_circle(
    client_for, agent, tenant_admin, open_one
):
    case = open_one("refund")
    due = case.due_at
    refund, complaint = (CaseClass.objects.get(code=code) for code in ("refund", "complaint"))
    assert client_for(agent).get(reverse("service:rules")).status_code == 403
    browser = client_for(tenant_admin)

    def save(own: CaseClass, **changed: object):
        form = browser.get(at("class", own)).context["form"]
        typed = {name: form[name].value() for name in form.fields}
        typed = {
            name: value for name, value in typed.items() if value is not None and value is not False
        }
        version = CaseClass.objects.get(pk=own.pk).version
        return browser.post(at("class", own), typed | {"version": version} | changed)

    saved = save(refund, clock_length=3, next_class=complaint.pk)
    assert saved.status_code == 302, saved.context["form"].errors
    case.refresh_from_db()
    assert case.due_at == due
    circle = save(complaint, next_class=refund.pk)
    assert circle.status_code == 422
    assert "circle" in str(circle.context["form"].errors["next_class"])
    unfounded = save(complaint, compensation_amount="10", compensation_rule="")
    assert "compensation_rule" in unfounded.context["form"].errors


def test_a_text_that_lost_a_demanded_part_is_warned_of_where_it_is_edited(client_for, tenant_admin):
    text = LetterText.objects.get(purpose="DEADLOCK", language="en")
    browser = client_for(tenant_admin)

    browser.post(
        at("text", text), {"title": "Deadlock", "body": "{number}", "version": text.version}
    )

    warned = browser.get(at("text", text)).content.decode()
    assert "ombudsman_powers" in warned
    module = TextModule.objects.get(code="ombudsman", language="en")
    assert browser.get(at("module", module)).status_code == 200
    version = LetterText.objects.get(pk=text.pk).version
    typed = {"title": "Deadlock", "body": "You owe {blance}", "version": version}
    refused = browser.post(at("text", text), typed)
    assert "{blance}" in str(refused.context["form"].errors["body"])


@pytest.mark.covers("N-06")
def test_a_day_of_the_company_s_own_moves_clocks_to_come_and_is_taken_out_again(
    client_for, tenant_admin, agent, open_one
):
    browser = client_for(tenant_admin)
    before = open_one("payment-difficulty")
    next_day = tenant_calendar().working_days_after(clock.today(), 1)
    typed = {"day": next_day, "name": "Bridge day"}
    assert client_for(agent).post(reverse("service:day_new"), typed).status_code == 403

    assert browser.post(reverse("service:day_new"), typed).status_code == 302
    twice = browser.post(reverse("service:day_new"), typed)

    assert "set already" in str(twice.context["form"].errors["day"])
    far = browser.post(reverse("service:day_new"), typed | {"day": "9999-12-31"})
    assert "day" in far.context["form"].errors
    assert "Bridge day" in browser.get(reverse("service:rules")).content.decode()
    assert open_one("payment-difficulty").due_at > before.due_at
    browser.post(at("day_remove", CalendarDay.objects.get()))
    assert open_one("payment-difficulty").due_at == before.due_at
