"""Reports to suppliers: the list, one report, and what is done with it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from market.forms.reports import (
    DecisionForm,
    MakeReportForm,
    ReasonForm,
    ReportFilter,
    UploadedForm,
)
from market.gateway.suppliers import as_csv, file_name
from market.models import SupplierReport, SupplierReportLine
from market.queries.reports import lane_of
from market.services.reporting import (
    ReportRefused,
    ask_for_report,
    correct_report,
    forecast_of,
    mark_uploaded,
    send_again,
    send_report,
)
from utilcrm import clock
from utilcrm.files import file_response
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

MAY = "market.report_supply"


def _reports() -> QuerySet[SupplierReport]:
    """Return all reports: they carry no customer data, but the numbers of all customers."""
    return SupplierReport.objects.select_related("supplier", "uploaded_by")


class Reports(ListScreen):
    """Reports, the newest first; what waits for an upload says until when."""

    permission_required = MAY
    template_name = "market/reports.html"
    filter_form_class = ReportFilter
    title = _("Reports to suppliers")

    def get_queryset(self) -> QuerySet[SupplierReport]:
        """Return all reports."""
        return _reports()

    def narrow(
        self, rows: QuerySet[SupplierReport], chosen: dict[str, Any]
    ) -> QuerySet[SupplierReport]:
        """Keep one state."""
        return rows.filter(status=chosen["status"]) if chosen["status"] else rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the day, by which an upload is late."""
        return super().get_context_data(today=clock.today(), no_rail=True, **extra)


class Report(DetailScreen):
    """One report: its figures as a chart and a table, its way, and what to do; polled till then."""

    permission_required = MAY
    template_name = "market/report.html"
    partial_template_name = "market/_report.html"
    context_name = "report"

    def get_queryset(self) -> QuerySet[SupplierReport]:
        """Return all reports."""
        return _reports()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the figures, and the portal's address where a person uploads."""
        lines = list(
            self.subject.lines.select_related("agreement").order_by(
                "month", "agreement__number", "segment"
            )
        )
        endpoint = getattr(self.subject.supplier, "endpoint", None)
        return super().get_context_data(
            lines=lines,
            months=_by_month(lines),
            first=[line for line in lines if line.month == self.subject.month],
            total=sum((line.expected_kwh for line in lines), Decimal(0)),
            unknown=sum(
                line.without_expectation for line in lines if line.month == self.subject.month
            ),
            portal=endpoint.url if endpoint else "",
            lane=lane_of(self.subject) if self.subject.is_counting else None,
            today=clock.today(),
            no_rail=True,
            **extra,
        )


def _by_month(lines: list[SupplierReportLine]) -> list[tuple[dt.date, Decimal, int]]:
    """Return each month's expected kWh and points of all agreements."""
    months: dict[dt.date, tuple[Decimal, int]] = {}
    for line in lines:
        kwh, points = months.get(line.month, (Decimal(0), 0))
        months[line.month] = (kwh + line.expected_kwh, points + line.points)
    return [(month, kwh, points) for month, (kwh, points) in months.items()]


class ReportFile(DetailScreen):
    """The report as the file that a portal takes."""

    permission_required = MAY

    def get_queryset(self) -> QuerySet[SupplierReport]:
        """Return all reports."""
        return _reports()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it as CSV; there is none while the figures are being taken."""
        if self.subject.is_counting:
            raise Http404
        forecast = forecast_of(self.subject)
        return file_response(
            as_csv(forecast), name=file_name(forecast), mime="text/csv", inline=False
        )


class MakeReport(OperationView):
    """Take the figures of a supplier's report."""

    permission_required = MAY
    form_class = MakeReportForm
    title = _("New report to a supplier")
    intro = _("Customer numbers and expected consumption of the month and the eleven that follow.")
    submit_label = _("Calculate")
    success_message = _("The figures are being taken.")
    refusals = {ReportRefused: None}

    def perform(self, form: MakeReportForm) -> SupplierReport:
        """Have it calculated."""
        return ask_for_report(
            supplier_id=form.chosen.pk, month=form.first_day, actor=self.request.user
        )

    def get_success_url(self, result: SupplierReport) -> str:
        """Show the draft."""
        return reverse("market:report", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        url = reverse("market:reports")
        return super().get_context_data(back_url=url, back_label=_("Reports"), **extra)


class _OnReport(OperationView):
    """Something that is done with one report."""

    permission_required = MAY
    refusals = {ReportRefused: None}
    is_versioned = True
    subject: SupplierReport

    def load(self) -> None:
        """Load the report or answer 404."""
        self.subject = self.get_subject()

    def get_queryset(self) -> QuerySet[Any]:
        """Return all reports."""
        return _reports()

    @property
    def actor(self) -> User:
        """Return who does it; nobody gets here without logging in."""
        return cast("User", self.request.user)

    def get_success_url(self, result: SupplierReport) -> str:
        """Show the report."""
        return reverse("market:report", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        url = reverse("market:report", args=[self.subject.uuid])
        return super().get_context_data(back_url=url, back_label=str(self.subject), **extra)


class SendReport(_OnReport):
    """Send a draft the way that its supplier takes it."""

    form_class = DecisionForm
    title = _("Send the report")
    intro = _("From now on its figures stay as they are.")
    submit_label = _("Send")
    success_message = _("The report is on its way.")

    def perform(self, form: DecisionForm) -> SupplierReport:
        """Send it."""
        return send_report(report_id=self.subject.pk, version=self.version, actor=self.actor)


class SendAgain(_OnReport):
    """Send a refused report as it is."""

    form_class = ReasonForm
    is_versioned = False
    title = _("Send the report again")
    intro = _("With the same figures: for when the supplier has mended something on its side.")
    submit_label = _("Send again")
    success_message = _("The report is on its way.")

    def perform(self, form: ReasonForm) -> SupplierReport:
        """Send it again."""
        return send_again(
            report_id=self.subject.pk, reason=form.cleaned_data["reason"], actor=self.actor
        )


class CorrectReport(_OnReport):
    """Replace a report by one with the figures of now."""

    form_class = ReasonForm
    title = _("Correct the report")
    intro = _("A new report with the figures of now takes its place.")
    submit_label = _("Make the correction")
    success_message = _("The figures are being taken.")

    def perform(self, form: ReasonForm) -> SupplierReport:
        """Make the correction."""
        return correct_report(
            report_id=self.subject.pk,
            version=self.version,
            reason=form.cleaned_data["reason"],
            actor=self.actor,
        )


class MarkUploaded(_OnReport):
    """Note that the file is at the supplier's portal."""

    form_class = UploadedForm
    title = _("Mark as uploaded")
    submit_label = _("Mark as uploaded")
    success_message = _("Noted: the supplier has the report.")

    def perform(self, form: UploadedForm) -> SupplierReport:
        """Note it."""
        return mark_uploaded(
            report_id=self.subject.pk,
            note=form.cleaned_data["note"],
            version=self.version,
            actor=self.actor,
        )
