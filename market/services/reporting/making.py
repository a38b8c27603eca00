"""Take the figures of a report, and keep them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.queries.supplying.forecast import forecast
from events.services.recording import record
from market.choices import ReportStatus
from market.models import SupplierEndpoint, SupplierReport, SupplierReportLine
from products.models import Supplier
from utilcrm import clock

MONTHS = 12
"""A report covers its month and the eleven that follow."""

OPEN = (ReportStatus.DRAFT, ReportStatus.SENDING, ReportStatus.TO_UPLOAD)


class ReportRefused(Exception):
    """The report cannot be made or sent; `field` is the one to mend, if there is one."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def make_report(*, supplier_id: int, month: dt.date, actor: Any = None) -> SupplierReport:
    """
    Make the draft of a supplier's report for a month, or take the figures of a draft anew.

    :param month: any day of the month
    :raises ReportRefused: if the supplier has no inbox, the month's report is on its way or told
        already, or nothing is supplied by it
    """
    month = month.replace(day=1)
    supplier = Supplier.objects.select_for_update().get(pk=supplier_id)
    endpoint = SupplierEndpoint.objects.filter(supplier=supplier, is_active=True).first()
    if endpoint is None:
        raise ReportRefused(
            _("It is not set up how %(supplier)s takes reports.") % {"supplier": supplier},
            field="supplier",
        )
    report = SupplierReport.objects.filter(supplier=supplier, month=month).order_by("-revision")
    latest = report.first()
    if latest is not None and not latest.is_draft:
        raise ReportRefused(
            _("There is a report for %(month)s already: %(state)s.")
            % {
                "month": date_format(month, "YEAR_MONTH_FORMAT"),
                "state": latest.get_status_display(),
            },
            field="month",
        )
    if latest is None:
        latest = SupplierReport.objects.create(
            supplier=supplier, month=month, channel=endpoint.channel, calculated_at=clock.now()
        )
    return calculate(latest, actor=actor)


def calculate(report: SupplierReport, *, actor: Any = None) -> SupplierReport:
    """
    Take the figures of a draft as they are now; its row, or its supplier's, is locked.

    :raises ReportRefused: if nothing is supplied by the supplier in these months
    """
    lines = forecast(first=report.month, months=MONTHS, supplier_id=report.supplier_id)
    if not lines:
        raise ReportRefused(
            _("No contract is supplied by %(supplier)s in these months.")
            % {"supplier": report.supplier},
            field="supplier",
        )
    report.lines.all().delete()
    SupplierReportLine.objects.bulk_create(
        SupplierReportLine(
            report=report,
            agreement_id=line.agreement_id,
            month=line.month,
            division=line.division,
            segment=line.segment,
            points=line.points,
            expected_kwh=line.expected_kwh,
            without_expectation=line.without_expectation,
        )
        for line in lines
    )
    report.mark_calculated(at=clock.now())
    record(
        "market.report.calculated",
        subject=report,
        payload={"month": report.month.isoformat(), "revision": report.revision},
        actor=actor,
    )
    return report


def make_reports_of(month: dt.date) -> list[SupplierReport]:
    """Make the reports of a month that are missing, for every supplier that has an inbox."""
    month = month.replace(day=1)
    made = []
    waiting = (
        Supplier.objects.filter(endpoint__is_active=True)
        .exclude(reports__in=SupplierReport.objects.filter(month=month).exclude(status="DRAFT"))
        .order_by("pk")
    )
    for supplier in waiting:
        try:
            made.append(make_report(supplier_id=supplier.pk, month=month))
        except ReportRefused:
            # nothing is supplied by this one, which is nothing to report
            continue
    return made
