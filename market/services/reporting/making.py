"""Take the figures of a report, and keep them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.queries.supplying.forecast import ForecastLine, forecast, is_supplied
from events.services.recording import record
from market.models import SupplierEndpoint, SupplierReport, SupplierReportLine
from products.models import Supplier
from utilcrm import clock

MONTHS = 12
"""A report covers its month and the eleven that follow."""


class ReportRefused(Exception):
    """The report cannot be made or sent; `field` is the one to mend, if there is one."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def ask_for_report(*, supplier_id: int, month: dt.date, actor: Any = None) -> SupplierReport:
    """
    Have a worker take the figures of a supplier's report for a month, or those of a draft anew.

    While they are being taken, asking again changes nothing.

    :param month: any day of the month
    :raises ReportRefused: if the supplier has no inbox, the month's report is on its way or told
        already, or nothing is supplied by it
    """
    report = _report_to_make(supplier_id, month.replace(day=1))
    if not report.is_counting:
        check_supplied(report.supplier, report.month)
        ask_for_figures(report, actor=actor)
    return report


@transaction.atomic
def make_report(*, supplier_id: int, month: dt.date, actor: Any = None) -> SupplierReport:
    """
    Make the draft of a supplier's report for a month, or take the figures of a draft anew, now.

    :param month: any day of the month
    :raises ReportRefused: as `ask_for_report`, and while a worker takes the figures
    """
    report = _report_to_make(supplier_id, month.replace(day=1))
    if report.is_counting:
        raise ReportRefused(_("Its figures are still being taken."))
    lines = figures_of(report)
    if not lines:
        raise nothing_supplied(report.supplier)
    keep_figures(report, lines, actor=actor)
    return report


def _report_to_make(supplier_id: int, month: dt.date) -> SupplierReport:
    """Return a month's draft, or what is on the way to be one; its supplier is locked."""
    supplier = Supplier.objects.select_for_update().get(pk=supplier_id)
    endpoint = SupplierEndpoint.objects.filter(supplier=supplier, is_active=True).first()
    if endpoint is None:
        raise ReportRefused(
            _("It is not set up how %(supplier)s takes reports.") % {"supplier": supplier},
            field="supplier",
        )
    known = SupplierReport.objects.select_for_update(of=("self",)).select_related("supplier")
    latest = known.filter(supplier=supplier, month=month).order_by("-revision").first()
    if latest is None:
        return SupplierReport.objects.create(
            supplier=supplier, month=month, channel=endpoint.channel
        )
    if latest.is_draft or latest.is_counting:
        return latest
    raise ReportRefused(
        _("There is a report for %(month)s already: %(state)s.")
        % {
            "month": date_format(month, "YEAR_MONTH_FORMAT"),
            "state": latest.get_status_display(),
        },
        field="month",
    )


def check_supplied(supplier: Supplier, month: dt.date) -> None:
    """
    Look whether there can be anything to report.

    :raises ReportRefused: if nothing is supplied by the supplier in these months
    """
    if not is_supplied(supplier_id=supplier.pk, first=month, months=MONTHS):
        raise nothing_supplied(supplier)


def nothing_supplied(supplier: Supplier) -> ReportRefused:
    """Return what is said of a supplier that feeds no contract."""
    return ReportRefused(
        _("No contract is supplied by %(supplier)s in these months.") % {"supplier": supplier},
        field="supplier",
    )


def ask_for_figures(report: SupplierReport, *, actor: Any = None) -> None:
    """Put a report into a worker's hands, in the caller's transaction."""
    report.mark_counting(at=clock.now())
    record(
        "market.report.asked",
        subject=report,
        payload={
            "supplier_uuid": str(report.supplier.uuid),
            "month": report.month.isoformat(),
            "revision": report.revision,
        },
        actor=actor,
    )


def figures_of(report: SupplierReport) -> list[ForecastLine]:
    """Return the figures as they are now: one statement, so that they fit each other."""
    return forecast(first=report.month, months=MONTHS, supplier_id=report.supplier_id)


def keep_figures(
    report: SupplierReport, lines: Iterable[ForecastLine], *, actor: Any = None
) -> None:
    """Keep what was taken, in place of what was there; the report's row is locked."""
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
