"""What became of alerts: counts, the contacts behind them, and a file for a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from interactions.choices.alerts import AlertStatus
from interactions.forms.report import PeriodForm
from interactions.models import Alert
from interactions.queries.alerts.report import lines_of, rows_for_export, shown_in
from utilcrm.spreadsheets import as_file
from utilcrm.web.views import ListScreen, Screen

READ = "interactions.view_alert_report"


class PeriodScreen(Screen):
    """Something about a period of days."""

    permission_required = READ

    def load(self) -> None:
        """Read the period."""
        self.filters = PeriodForm(self.request.GET or None)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the filter."""
        days = QueryDict(mutable=True)
        for name in ("first", "last"):
            if day := self.request.GET.get(name):
                days[name] = day
        return super().get_context_data(
            **{**extra, "filters": self.filters}, days=days, no_rail=True
        )


class Report(PeriodScreen):
    """How often each alert was shown, acted on, put aside, and not answered at all."""

    template_name = "interactions/alerts/report.html"
    title = _("What became of alerts")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Count."""
        lines = lines_of(self.filters.period, request.user)
        return self.show(self.get_context_data(lines=lines))


class ReportRows(PeriodScreen, ListScreen):
    """The contacts behind a number of the report."""

    model = Alert
    template_name = "interactions/alerts/report_rows.html"
    title = _("Contacts behind the number")
    order = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the alerts of a code, or those in one state."""
        rows = shown_in(self.filters.period, self.request.user).filter(code=self.kwargs["code"])
        state = self.request.GET.get("state", "")
        if state in AlertStatus.values:
            rows = rows.filter(status=state)
        return rows.select_related("interaction", "account", "shown_to")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the code."""
        return super().get_context_data(code=self.kwargs["code"], **extra)


class ReportFile(PeriodScreen):
    """Every alert as a line of a file; no cell of it is a formula."""

    def get(self, request: HttpRequest) -> FileResponse:
        """Send it."""
        return as_file(rows_for_export(self.filters.period, request.user), name="alerts.csv")
