"""Screens of reports to suppliers: made, looked at, sent, uploaded, corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts.models import ItemSupplier
from contracts.services.supplying import reconcile
from events.models import Delivery, Lane
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.routing import destination_named
from market.models import SupplierReport
from market.services.reporting import ask_for_report, connect_supplier, make_report
from products.models import Supplier
from tests.factories.contracts import QueuedItemFactory
from tests.factories.supply import ProductSupplyFactory, priced_agreement
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier(tenant) -> Supplier:
    """A supplier of one contract, whose reports are uploaded at a portal."""
    agreement = priced_agreement()
    product = ProductSupplyFactory(agreement=agreement).product
    item = QueuedItemFactory(
        product=product, starts_on=clock.today(), term_months=None, expected_annual_kwh=None
    )
    reconcile(first_id=item.pk, last_id=item.pk)
    connect_supplier(
        supplier_id=agreement.supplier_id, channel="FILE", url="https://portal.example/"
    )
    return agreement.supplier


@pytest.fixture
def report(supplier) -> SupplierReport:
    return make_report(supplier_id=supplier.pk, month=clock.today())


@pytest.fixture
def buyer(client_for, clerk):
    return client_for(clerk)


def this_month(supplier: Supplier) -> dict[str, str]:
    """What the form of a new report holds."""
    return {"supplier": str(supplier.uuid), "month": clock.today().replace(day=1).isoformat()}


@pytest.mark.covers("C-33")
def test_a_report_is_made_sent_downloaded_and_marked_as_uploaded(buyer, supplier):
    counting = buyer.post(reverse("market:report_new"), this_month(supplier), follow=True)
    report = SupplierReport.objects.get()
    assert 'data-poll="2"' in counting.content.decode()
    assert "Waits for a worker" in counting.content.decode()

    drain("supplier-figures")
    made = buyer.get(reverse("market:report", args=[report.uuid]), headers={"HX-Request": "true"})
    assert "counts as 0 kWh" in made.content.decode()
    assert 'data-chart="bar"' in made.content.decode()

    sent = buyer.post(reverse("market:report_send", args=[report.uuid]), follow=True)
    assert "https://portal.example/" in sent.content.decode()

    file = buyer.get(reverse("market:report_file", args=[report.uuid]))
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in file.headers["Content-Disposition"]

    buyer.post(reverse("market:report_uploaded", args=[report.uuid]), {"note": "No. 9"})
    report.refresh_from_db()
    assert (report.status, report.note, report.uploaded_by.username) == (
        "CONFIRMED",
        "No. 9",
        "clerk",
    )


@pytest.mark.covers("C-33")
def test_asking_twice_counts_once_and_a_draft_is_counted_anew(buyer, supplier):
    asked = [buyer.post(reverse("market:report_new"), this_month(supplier)) for _ in range(2)]
    report = SupplierReport.objects.get()
    figures = Delivery.objects.filter(destination="supplier-figures")
    early = [
        buyer.post(reverse("market:report_send", args=[report.uuid])).status_code,
        buyer.get(reverse("market:report_file", args=[report.uuid])).status_code,
    ]

    assert asked[0].headers["Location"] == asked[1].headers["Location"]
    assert (figures.count(), early) == (1, [422, 404])

    drain("supplier-figures")
    buyer.post(reverse("market:report_new"), this_month(supplier))
    drain("supplier-figures")

    report.refresh_from_db()
    assert (report.status, report.lines.count(), figures.count()) == ("DRAFT", 12, 2)


@pytest.mark.covers("C-33")
def test_figures_outlive_the_worker_that_took_them(supplier, clerk):
    report = ask_for_report(supplier_id=supplier.pk, month=clock.today(), actor=clerk)
    place = destination_named("supplier-figures")
    dead = claim_next(place)
    place.make_handler().deliver(dead.envelope())
    Lane.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    drain("supplier-figures")

    report.refresh_from_db()
    assert (report.status, report.lines.count()) == ("DRAFT", 12)


def test_what_is_supplied_no_more_when_it_is_counted_cannot_be_sent(buyer, supplier, clerk):
    report = ask_for_report(supplier_id=supplier.pk, month=clock.today(), actor=clerk)
    ItemSupplier.objects.all().delete()
    drain("supplier-figures")

    page = buyer.get(reverse("market:report", args=[report.uuid])).content.decode()
    sent = buyer.post(reverse("market:report_send", args=[report.uuid]))

    assert "Nothing to report" in page
    assert sent.status_code == 422
    assert SupplierReport.objects.get().is_draft


def test_what_does_not_fit_is_told_and_nothing_is_sent(buyer, report, supplier):
    uploaded = reverse("market:report_uploaded", args=[report.uuid])
    again = this_month(supplier)
    buyer.post(reverse("market:report_send", args=[report.uuid]))

    answers = [
        buyer.post(uploaded, {"note": ""}),
        buyer.post(uploaded, {"note": "late", "version": "1"}),
        buyer.post(reverse("market:report_send", args=[report.uuid])),
        buyer.post(reverse("market:report_again", args=[report.uuid]), {"reason": "x"}),
        buyer.post(reverse("market:report_new"), again),
        buyer.post(reverse("market:report_new"), {**again, "month": "2019-01-01"}),
    ]

    assert [one.status_code for one in answers] == [422, 409, 422, 422, 422, 422]
    assert list(answers[4].context["form"].errors) == ["month"]
    assert not Delivery.objects.filter(destination="supplier-report").exists()
    assert SupplierReport.objects.get().waits_for_upload


def test_a_correction_replaces_what_was_uploaded(buyer, report):
    buyer.post(reverse("market:report_send", args=[report.uuid]))

    answer = buyer.post(
        reverse("market:report_correct", args=[report.uuid]), {"reason": "wrong month"}
    )

    new = SupplierReport.objects.get(revision=2)
    report.refresh_from_db()
    assert answer.headers["Location"] == reverse("market:report", args=[new.uuid])
    assert (report.status, new.status) == ("REPLACED", "COUNTING")


def test_the_list_and_a_page_cost_the_same_however_much_is_told(
    buyer, report, django_assert_max_num_queries
):
    one = reverse("market:report", args=[report.uuid])
    buyer.get(one)

    with django_assert_max_num_queries(15):
        assert buyer.get(one).status_code == 200
    with django_assert_max_num_queries(14):
        listed = buyer.get(reverse("market:reports"), {"status": "DRAFT"})

    assert [row.pk for row in listed.context["page"].items] == [report.pk]


def test_reports_are_not_for_agents(client_for, agent, report):
    seller = client_for(agent)

    assert seller.get(reverse("market:reports")).status_code == 403
    assert seller.get(reverse("market:report_file", args=[report.uuid])).status_code == 403


def test_a_way_of_reporting_is_set_up_and_looked_at(client_for, tenant_admin, buyer, supplier):
    admin = client_for(tenant_admin)
    url = reverse("market:report_inbox", args=[supplier.uuid])
    typed = {
        "channel": "REST",
        "url": "http://127.0.0.1:9/forecasts",
        "username": "buyer",
        "password": "hidden-word",
        "upload_days": "3",
        "is_active": "on",
    }

    assert buyer.post(url, typed).status_code == 403
    wrong = admin.post(url, {**typed, "url": "javascript:alert(1)"})
    right = admin.post(url, typed, follow=True)
    again = admin.get(url)

    assert wrong.status_code == 422
    for url_typed, field in (
        ("ftp://127.0.0.1/forecasts", "url"),
        ("http://user:word@127.0.0.1:9/forecasts", "url"),
        ("http://127.0.0.1:10/forecasts", "password"),
    ):
        refused = admin.post(url, {**typed, "url": url_typed, "password": ""})
        assert list(refused.context["form"].errors) == [field]
    supplier.endpoint.refresh_from_db()
    assert supplier.endpoint.check_ok is False
    assert supplier.endpoint.check_result in right.content.decode()
    assert "hidden-word" not in again.content.decode()
    assert supplier.endpoint.password == "hidden-word"

    # by way of a portal, which needs no password, it does not get to another server either
    admin.post(url, {**typed, "url": "http://127.0.0.1:10/", "channel": "FILE", "password": ""})
    supplier.endpoint.refresh_from_db()
    assert supplier.endpoint.password_sealed == ""
