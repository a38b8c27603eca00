"""The back office's pages of invoicing runs, and the way from an account to a copy."""

from __future__ import annotations

import pytest
from django.utils import timezone

from access.models import User
from billing_sync.models import Bill, InvoiceReject, InvoiceRun, PrintEndpoint, Standing
from events.models import Delivery
from tests.billing_sync.invoicing.conftest import TOKEN
from utilcrm.db.months import months_from

pytestmark = pytest.mark.django_db

NUMBER = "900000012611"


@pytest.fixture
def run(printer, agreements, make_run, deliver) -> InvoiceRun:
    made = make_run({NUMBER: agreements[0], "900000022611": agreements[1]})
    deliver((NUMBER, TOKEN.format("one")), ("000000000000", TOKEN.format("two")))
    made.refresh_from_db()
    return made


@pytest.mark.covers("C-19")
def test_the_runs_show_what_is_expected_delivered_missing_and_rejected(
    run, make_run, month, client_for, clerk, django_assert_max_num_queries
) -> None:
    for back in range(1, 6):
        make_run({}, month=months_from(month, -back))
    browser = client_for(clerk)
    browser.get("/sync/invoices/")

    with django_assert_max_num_queries(12):
        listed = browser.get("/sync/invoices/").content.decode()
    shown = browser.get(f"/sync/invoices/{run.uuid}/").content.decode()

    assert f"{run.month:%B %Y}" in listed
    assert "No invoice of this number is in the month" in shown
    assert "000000000000" in shown
    assert TOKEN.format("two") not in shown
    assert browser.get(f"/sync/invoices/{run.uuid}/state/").status_code == 200


def test_a_clerk_has_rejects_tried_again_the_list_read_again_and_a_line_set_aside(
    run, client_for, clerk
) -> None:
    browser = client_for(clerk)
    reject = InvoiceReject.objects.get()

    retried = browser.post(f"/sync/invoices/{run.uuid}/retry/")
    loaded = browser.post(f"/sync/invoices/{run.uuid}/load/")
    busy = browser.post(f"/sync/invoices/{run.uuid}/load/")
    unsaid = browser.post(f"/sync/invoices/rejects/{reject.uuid}/", {"note": ""})
    aside = browser.post(f"/sync/invoices/rejects/{reject.uuid}/", {"note": "misprint"})

    assert [one.status_code for one in (retried, loaded, busy, unsaid, aside)] == [
        302, 302, 422, 422, 302,
    ]  # fmt: skip
    kinds = Delivery.objects.filter(destination="erp-invoices").order_by("pk")
    assert [one.kind for one in kinds] == ["retry-rejects", "invoice-page"]
    reject.refresh_from_db()
    assert (reject.status, reject.note) == ("SET_ASIDE", "misprint")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first": "2026-13"}, "Enter a valid date"),
        ({"first": "2026-05", "last": "2026-04"}, "lies before the first one"),
        ({"first": "2026-05"}, "No ERP endpoint is set up"),
    ],
)
def test_asking_for_runs_says_what_is_wrong_and_keeps_what_was_typed(
    printer, client_for, clerk, typed, words
) -> None:
    answer = client_for(clerk).post("/sync/invoices/look/", typed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert f'value="{typed["first"]}"' in text


def test_an_agent_sees_invoices_and_no_runs(run, client_for, agent) -> None:
    assert client_for(agent).get("/sync/invoices/").status_code == 403


def test_the_print_company_is_set_up_in_the_admin_and_its_secrets_are_not_shown(
    client_for, tenant_admin
) -> None:
    User.objects.filter(pk=tenant_admin.pk).update(is_staff=True, is_superuser=True)
    browser = client_for(User.objects.get(pk=tenant_admin.pk))
    typed = {
        "name": "House", "inbound_username": "print", "archive_username": "crm",
        "archive_url": "https://archive.example/copies", "connect_timeout": 3,
        "read_timeout": 15, "archive_years": 5, "keep_months": 12, "token_days": 3, "run_day": 20,
        "sends_mail": "on", "is_active": "on",
    }  # fmt: skip
    secrets = {"new_inbound_password": "in-secret", "new_archive_password": "out-secret"}

    without = browser.post("/admin/billing_sync/printendpoint/add/", typed)
    made = browser.post("/admin/billing_sync/printendpoint/add/", typed | secrets)
    printer = PrintEndpoint.objects.get()
    change = f"/admin/billing_sync/printendpoint/{printer.pk}/change/"
    page = browser.get(change).content.decode()
    elsewhere = browser.post(change, typed | {"archive_url": "https://elsewhere.example/copies"})

    assert "This is another server" in elsewhere.content.decode()
    assert "This password is not set yet." in without.content.decode()
    assert made.status_code == 302
    assert printer.admits("print", "in-secret")
    assert (printer.archive_password, len(printer.digest_key)) == ("out-secret", 32)
    assert "-secret" not in f"{page}{printer.archive_password_sealed}"


@pytest.mark.covers("C-23")
def test_each_bill_on_the_account_page_that_was_in_a_run_opens(
    run, agreements, client_for, agent
) -> None:
    agreement, now = agreements[0], timezone.now()
    Standing.objects.create(
        agreement=agreement, currency="GBP", balance=0, overdue=0, credit_score=90,
        dunning_level=0, as_of=now,
    )  # fmt: skip
    for number in (NUMBER, "900000019999"):
        Bill.objects.create(
            agreement=agreement, number=number, issued_on=run.month, period_from=run.month,
            period_to=run.month, due_on=run.month, currency="GBP", amount=1, paid=0, remaining=1,
            status="OPEN", as_of=now,
        )  # fmt: skip

    page = client_for(agent).get(f"/accounts/{agreement.account.uuid}/").content.decode()

    where = f"/invoices/{agreement.uuid}/{run.month.year}/{run.month.month}"
    assert f'href="{where}/{NUMBER}/"' in page
    assert f"{where}/900000019999/" not in page
    assert f'href="/invoices/{agreement.uuid}/"' in page
