"""The report of a dry run, on the screen and as a file."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from migration_import.forms import ReportFilter
from migration_import.models import FileImport, ImportProblem
from migration_import.queries.report import place_of, problems_of
from migration_import.services.reporting import write_report
from migration_import.views.steps import PERMISSION
from utilcrm.web.views import DetailScreen, ListScreen


class Report(ListScreen):
    """What is wrong, row by row and column by column."""

    permission_required = PERMISSION
    template_name = "migration_import/report.html"
    title = _("What is wrong")
    order = ("number", "id")
    page_size = 50
    subject: FileImport

    def load(self) -> None:
        """Load the import or answer 404."""
        self.subject = get_object_or_404(
            FileImport.objects.visible_to(self.request.user), uuid=self.kwargs["uuid"]
        )
        self.filter_form_class = partial(ReportFilter, file_import=self.subject)  # type: ignore[assignment]

    def get_queryset(self) -> QuerySet[ImportProblem]:
        """Return the problems of the import."""
        return problems_of(self.subject)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep what was asked for."""
        wanted = {key: value for key, value in chosen.items() if value not in (None, "")}
        return rows.filter(**wanted)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the import, and the name of each problem's column."""
        for problem in extra.get("page") or []:
            problem.place = place_of(self.subject, problem.column, problem.field)
        return super().get_context_data(subject=self.subject, no_rail=True, **extra)


class ReportFile(DetailScreen):
    """The rows that were kept out, as they came, with what is wrong."""

    model = FileImport
    permission_required = PERMISSION

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send the file."""
        # Deleted by itself; what fits stays in memory.
        file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115
        write_report(self.subject, file)
        file.seek(0)
        stem = self.subject.file_name.rsplit(".", 1)[0]
        response = FileResponse(
            file, as_attachment=True, filename=f"{stem}-errors.csv", content_type="text/csv"
        )
        response["Cache-Control"] = "private, no-store"
        return response
