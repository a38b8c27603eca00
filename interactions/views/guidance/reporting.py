"""The report of a script: counts, the contacts behind them, and a file for a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from interactions.choices import ScriptStatus
from interactions.forms.report import PeriodForm
from interactions.models import Script
from interactions.queries.guidance.report import (
    Period,
    answers_behind,
    report_of,
    rows_for_export,
)
from interactions.queries.guidance.runs import said
from utilcrm.spreadsheets import as_file
from utilcrm.web.views import ListScreen, Screen

READ = "interactions.view_script_report"


class Reports(ListScreen):
    """The scripts that were ever in use, to read what was answered."""

    model = Script
    permission_required = READ
    template_name = "interactions/guidance/reports.html"
    title = _("Answers to scripts")

    def get_queryset(self) -> QuerySet[Any]:
        """Scripts hold no customer's data; what is counted in them does, and is narrowed there."""
        return Script.objects.exclude(status=ScriptStatus.DRAFT)


class ReportScreen(Screen):
    """One version of a script over a period."""

    permission_required = READ
    script: Script

    def load(self) -> None:
        """Load the version and read the period."""
        self.script = get_object_or_404(
            Script.objects.exclude(status=ScriptStatus.DRAFT), uuid=self.kwargs["uuid"]
        )
        self.filters = PeriodForm(self.request.GET or None)

    @property
    def period(self) -> Period:
        """Return the days that are asked about."""
        return self.filters.period

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add script, filter and versions."""
        days = QueryDict(mutable=True)
        for name in ("first", "last"):
            if day := self.request.GET.get(name):
                days[name] = day
        return super().get_context_data(
            **{**extra, "filters": self.filters},
            script=self.script,
            days=days,
            no_rail=True,
        )


class ReportPage(ReportScreen):
    """How often each answer was given, and where people stop."""

    template_name = "interactions/guidance/report.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Count."""
        report = report_of(self.script, self.period, request.user)
        versions = (
            Script.objects.filter(code=self.script.code)
            .exclude(status=ScriptStatus.DRAFT)
            .order_by("-edition")
        )
        return self.show(
            self.get_context_data(title=self.script.title, report=report, versions=versions)
        )


class ReportAnswers(ReportScreen, ListScreen):
    """The contacts behind a number of the report."""

    template_name = "interactions/guidance/answers.html"
    title = _("Contacts behind the number")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the answers to one step, or one answer of it."""
        key = self.request.GET.get("step", "")
        nodes = self.script.nodes.filter(key=key) if key.isascii() and key.isdigit() else None
        self.node = nodes.first() if nodes is not None and len(key) < 6 else None
        self.value = self.request.GET.get("answer", "").replace("\x00", "")
        return answers_behind(
            self.script, self.period, self.request.user, node=self.node, value=self.value
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Put the answers into words."""
        page = extra["page"]
        lines = [{"answer": answer, "said": said(answer)} for answer in page.items]
        return super().get_context_data(lines=lines, node=self.node, **extra)


class ReportFile(ReportScreen):
    """Every answer as a line of a file; no cell of it is a formula."""

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """Send it."""
        name = f"{self.script.code.lower()}-{self.script.edition}.csv"
        return as_file(rows_for_export(self.script, self.period, request.user), name=name)
