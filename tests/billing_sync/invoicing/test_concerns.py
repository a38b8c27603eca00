"""Trouble of the monthly run stands where the back office looks, and is told once (C-19)."""

from __future__ import annotations

import datetime as dt

import pytest

from billing_sync.models import InvoiceReject, InvoiceRun, PrintEndpoint
from billing_sync.queries import concerns
from billing_sync.queries.concerns import of_invoicing
from billing_sync.services.invoicing.loading import load_page
from events.models import Alarm, Event
from events.services.watching import watch
from tests.billing_sync.invoicing.conftest import ONE, TWO, A, line_of
from utilcrm.clock import today
from utilcrm.db.months import months_from

pytestmark = [pytest.mark.django_db, pytest.mark.covers("C-19")]


def told() -> set[tuple[str, int]]:
    return {(one.kind.value, one.number) for one in of_invoicing()}


def test_a_run_without_trouble_concerns_nobody(run) -> None:
    assert told() == set()


def test_a_short_list_late_tokens_and_rejects_are_each_told_once_and_lead_to_the_run(
    run, deliver, client_for, clerk
) -> None:
    deliver(("000000000000", ONE), (A, TWO))
    InvoiceRun.objects.update(expected=5, closed_at=run.closed_at - dt.timedelta(days=4))

    raised = {alarm.kind for alarm in watch()}
    again = watch()
    page = client_for(clerk).get("/messages/").content.decode()

    assert told() == {("DIFFERS", 2), ("MISSING", 4), ("REJECTED", 1)}
    assert (raised, again) == ({"DIFFERS", "MISSING", "REJECTED"}, [])
    assert Event.objects.filter(name="events.alarm.raised").count() == 3
    assert page.count(f'href="/sync/invoices/{run.uuid}/"') == 3


def test_an_alarm_is_cleared_when_its_matter_is(run, deliver) -> None:
    late = "900000092611"
    deliver((late, ONE))
    watch()
    assert Alarm.objects.get().kind == "REJECTED"

    load_page(run, [line_of(late, "200000000001", run.month)])
    InvoiceReject.objects.update(status="TAKEN")
    watch()

    assert Alarm.objects.get().cleared_at is not None


def test_what_is_rejected_is_told_once_for_a_month_of_two_runs(run, make_run, deliver) -> None:
    make_run({}, kind="CORRECTION")
    deliver(("000000000000", ONE))

    assert told() == {("REJECTED", 1)}


def test_lines_of_a_month_without_a_run_can_be_found_and_set_aside(
    run, deliver, month, client_for, clerk
) -> None:
    deliver((A, ONE), month=f"{months_from(month, -7):%Y-%m}")
    browser = client_for(clerk)

    [concern] = of_invoicing()
    runs = browser.get("/sync/invoices/").content.decode()
    page = browser.get(concern.url).content.decode()

    assert concern.url in runs
    assert A in page
    assert f"{months_from(month, -7):%B %Y}" in page
    reject = InvoiceReject.objects.get()
    browser.post(f"/sync/invoices/rejects/{reject.uuid}/", {"note": "wrong month"})
    assert told() == set()


@pytest.mark.parametrize(
    ("day", "back", "late"),
    [(20, 1, []), (21, 1, [0]), (5, 1, []), (5, 2, [1]), (21, 2, [0, 1]), (28, None, [])],
)
def test_a_run_that_does_not_come_is_told_after_its_day(
    printer, make_run, month, monkeypatch, client_for, clerk, day, back, late
) -> None:
    if back is not None:
        make_run({}, month=months_from(month, -back))
    now = today().replace(day=day)
    monkeypatch.setattr("billing_sync.queries.invoices.today", lambda: now)
    monkeypatch.setattr(concerns, "today", lambda: now)

    keys = {one.key for one in of_invoicing() if one.kind == "OVERDUE"}

    assert keys == {f"invoices:{months_from(month, -ago):%Y-%m}" for ago in late}
    page = client_for(clerk).get("/sync/invoices/").content.decode()
    assert page.count("has not come, though its day is over") == len(late)


def test_nothing_concerns_where_no_print_company_is(run) -> None:
    InvoiceRun.objects.update(expected=5)
    PrintEndpoint.objects.update(is_active=False)

    assert told() == set()
