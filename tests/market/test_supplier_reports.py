"""Reports to suppliers, over the wire to stand-ins that speak SOAP and REST, and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Callable, Iterator

import pytest

from contracts.services.supplying import reconcile
from events.models import Delivery
from events.services.draining import drain
from market.choices import ReportChannel, ReportStatus
from market.gateway.suppliers import as_csv
from market.models import SupplierEndpoint, SupplierReport
from market.services.reporting import (
    ReportRefused,
    connect_supplier,
    correct_report,
    forecast_of,
    make_report,
    mark_uploaded,
    send_again,
    send_report,
)
from market.tasks import report_to_suppliers
from products.models import Supplier
from products.queries.costing import add_months
from tests.factories.contracts import QueuedItemFactory
from tests.factories.supply import ProductSupplyFactory, SupplierFactory, priced_agreement
from tests.support.suppliers import Suppliers
from utilcrm import clock

pytestmark = pytest.mark.django_db
WIRES = (ReportChannel.SOAP, ReportChannel.REST)
FAST = {
    "supplier-report": {
        "lease": 2,
        # longer than what the slowest answer takes behind our own limit
        "quiet": 0.5,
        "backoff_base": 0.1,
        "backoff_cap": 0.2,
        "probe_every": 0.1,
    }
}


@pytest.fixture(scope="module")
def process() -> Iterator[Suppliers]:
    running = Suppliers()
    yield running
    running.server.stop()


@pytest.fixture
def suppliers(process: Suppliers, settings) -> Suppliers:
    """Empty books, no faults, and short times."""
    settings.OUTBOX_TIMING = FAST
    process.faults.clear()
    process.desk.reset()
    return process


@pytest.fixture
def supplied(tenant) -> Supplier:
    """A supplier of two contracts that follow its agreement."""
    agreement = priced_agreement()
    product = ProductSupplyFactory(agreement=agreement).product
    items = [
        QueuedItemFactory(product=product, starts_on=clock.today(), term_months=None)
        for _ in range(2)
    ]
    reconcile(first_id=items[0].pk, last_id=items[1].pk)
    return agreement.supplier


@pytest.fixture
def connected(suppliers: Suppliers, supplied: Supplier) -> Callable[[str], SupplierReport]:
    """Connect the supplier one way, and make this month's report."""

    def to(channel: str) -> SupplierReport:
        connect_supplier(
            supplier_id=supplied.pk,
            channel=channel,
            url=suppliers.url(channel),
            username="buyer",
            password="buyer-secret",
        )
        SupplierEndpoint.objects.update(connect_timeout=1, read_timeout=1)
        return make_report(supplier_id=supplied.pk, month=clock.today())

    return to


def settled(report: SupplierReport, *, seconds: float = 8) -> SupplierReport:
    """Play the worker until the supplier has answered."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        drain("supplier-report", budget=1)
        report.refresh_from_db()
        if report.status != ReportStatus.SENDING:
            return report
        time.sleep(0.05)
    raise AssertionError(f"still {report.status}")


@pytest.mark.covers("C-33")
@pytest.mark.parametrize("channel", WIRES)
def test_a_report_arrives_as_it_was_frozen(connected, suppliers, agent, channel):
    report = connected(channel)

    send_report(report_id=report.pk, actor=agent)
    settled(report)

    assert report.status == ReportStatus.CONFIRMED
    [entry] = suppliers.taken()
    assert report.receipt == entry["receipt"]
    assert entry["content"]["customer_number"] == "4711"
    told = forecast_of(report)
    assert len(told.lines) == 12
    assert [
        (line["agreement"], line["month"], line["points"], line["expected_kwh"])
        for line in entry["content"]["lines"]
    ] == [(one.agreement, one.year_month, 2, str(one.expected_kwh)) for one in told.lines]


@pytest.mark.covers("C-33")
@pytest.mark.parametrize("channel", WIRES)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "commit_then_drop", "times": 1},
        {"kind": "commit_then_html", "times": 1},
        {"kind": "malformed", "times": 1},
        {"kind": "refuse_connection", "times": 2},
        {"kind": "http_503_html", "times": 2},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_report_has_one_effect_whatever_the_way_there_does(connected, suppliers, channel, fault):
    report = connected(channel)
    suppliers.faults.add({**fault, "operation": channel.lower()})

    send_report(report_id=report.pk)
    settled(report)

    assert report.status == ReportStatus.CONFIRMED
    [entry] = suppliers.desk.listing()
    assert entry["receipt"] == report.receipt


@pytest.mark.parametrize("channel", WIRES)
def test_a_supplier_that_answers_too_late_is_asked_and_not_told_twice(
    connected, suppliers, channel
):
    report = connected(channel)
    suppliers.faults.add(
        {"kind": "delay", "seconds": 1.3, "times": 1, "operation": channel.lower()}
    )

    send_report(report_id=report.pk)
    settled(report)

    [entry] = suppliers.desk.listing()
    assert (entry["receipt"], entry["repeats"]) == (report.receipt, 0)


@pytest.mark.parametrize("channel", WIRES)
def test_a_refusal_is_told_in_the_suppliers_words_and_a_correction_takes_its_place(
    connected, suppliers, agent, channel
):
    report = connected(channel)
    suppliers.desk.agreements = {"ANOTHER"}
    send_report(report_id=report.pk)
    settled(report)
    assert (report.status, report.failure_code) == (ReportStatus.REJECTED, "AGREEMENT_UNKNOWN")
    assert "no agreement" in report.failure_text

    suppliers.desk.agreements = set()
    new = correct_report(report_id=report.pk, reason="the number was wrong", actor=agent)
    drain("supplier-figures")
    send_report(report_id=new.pk, actor=agent)
    settled(new)

    report.refresh_from_db()
    assert (report.status, new.status, new.revision) == ("REPLACED", "CONFIRMED", 2)
    assert Delivery.objects.filter(destination="supplier-report", state="PARKED").count() == 0
    assert [entry["revision"] for entry in suppliers.taken()] == [2]


def test_a_refused_report_can_be_sent_again_under_another_id(connected, suppliers, agent):
    report = connected(ReportChannel.REST)
    suppliers.desk.agreements = {"ANOTHER"}
    send_report(report_id=report.pk)
    settled(report)
    suppliers.desk.agreements = set()

    send_again(report_id=report.pk, reason="they know it now", actor=agent)
    settled(report)

    assert report.status == ReportStatus.CONFIRMED
    assert len(suppliers.desk.listing()) == 2


@pytest.mark.covers("C-33")
def test_a_portal_means_a_file_and_a_task_with_a_date(connected, supplied, agent):
    report = connected(ReportChannel.SOAP)
    connect_supplier(
        supplier_id=supplied.pk, channel=ReportChannel.FILE, url="https://portal.example/"
    )

    send_report(report_id=report.pk, actor=agent)

    report.refresh_from_db()
    assert report.waits_for_upload
    assert report.upload_due_on == clock.today() + dt.timedelta(days=3)
    assert not Delivery.objects.filter(destination="supplier-report").exists()
    rows = list(csv.DictReader(io.StringIO(as_csv(forecast_of(report)).decode())))
    assert [row["month"] for row in rows] == [
        f"{add_months(report.month, n):%Y-%m}" for n in range(12)
    ]
    assert {row["points"] for row in rows} == {"2"}

    mark_uploaded(report_id=report.pk, note="upload 77", actor=agent)

    report.refresh_from_db()
    assert (report.status, report.uploaded_by, report.note) == ("CONFIRMED", agent, "upload 77")


def test_what_somebody_typed_is_no_formula_in_a_spreadsheet(connected, supplied):
    report = connected(ReportChannel.SOAP)
    supplied.agreements.update(number="=1+1")
    supplied.our_number = "@SUM(A1)"
    supplied.save()
    report.refresh_from_db()

    row = next(csv.DictReader(io.StringIO(as_csv(forecast_of(report)).decode())))

    assert (row["customer_number"], row["agreement"]) == ("'@SUM(A1)", "'=1+1")


@pytest.mark.covers("C-33")
def test_the_month_is_reported_once_however_often_the_clock_strikes(connected, suppliers, supplied):
    connected(ReportChannel.REST)
    idle = SupplierFactory()
    connect_supplier(supplier_id=idle.pk, channel="REST", url=suppliers.url("REST"))

    report_to_suppliers()
    report_to_suppliers()
    report = SupplierReport.objects.get()
    settled(report)
    report_to_suppliers()

    assert SupplierReport.objects.count() == 1
    assert len(suppliers.taken()) == 1


def test_a_report_is_refused_where_there_is_nothing_to_send_or_nowhere_to(
    supplied, suppliers, connected, agent
):
    with pytest.raises(ReportRefused, match="not set up"):
        make_report(supplier_id=supplied.pk, month=clock.today())
    idle = SupplierFactory()
    connect_supplier(supplier_id=idle.pk, channel="REST", url=suppliers.url("REST"))
    with pytest.raises(ReportRefused, match="No contract"):
        make_report(supplier_id=idle.pk, month=clock.today())
    report = connected(ReportChannel.REST)
    send_report(report_id=report.pk)
    for refused in (
        lambda: make_report(supplier_id=supplied.pk, month=clock.today()),
        lambda: send_report(report_id=report.pk),
        lambda: mark_uploaded(report_id=report.pk, note="", actor=agent),
        lambda: send_again(report_id=report.pk, reason="", actor=agent),
        lambda: correct_report(report_id=report.pk, reason="", actor=agent),
    ):
        with pytest.raises(ReportRefused):
            refused()

    assert SupplierReport.objects.count() == 1


def test_the_log_in_is_sealed(connected):
    connected(ReportChannel.SOAP)

    endpoint = SupplierEndpoint.objects.get()

    assert "buyer-secret" not in endpoint.password_sealed
    assert endpoint.password == "buyer-secret"
