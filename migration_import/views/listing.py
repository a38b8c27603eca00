"""The list of imports, and one import's page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from migration_import.choices import ImportStatus
from migration_import.models import FileImport
from migration_import.queries.objects import objects_of_row
from migration_import.queries.progress import progress_of, row_of
from migration_import.queries.report import kinds_of_problems, problems_of
from migration_import.views.steps import PERMISSION, steps_of
from utilcrm.web.views import DetailScreen, ListScreen


class Imports(ListScreen):
    """Every import, the newest first."""

    model = FileImport
    permission_required = PERMISSION
    template_name = "migration_import/list.html"
    title = _("Imports from other systems")

    def get_queryset(self) -> QuerySet[FileImport]:
        """Leave out what was discarded."""
        return super().get_queryset().exclude(status=ImportStatus.DISCARDED)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class Detail(DetailScreen):
    """One import: where it is, what was found, what can be done next."""

    model = FileImport
    permission_required = PERMISSION
    template_name = "migration_import/detail.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add progress, kinds of problems and steps."""
        return super().get_context_data(
            progress=progress_of(self.subject),
            kinds=[] if self.subject.is_busy else kinds_of_problems(self.subject)[:12],
            steps=steps_of(self.subject),
            no_rail=True,
            **extra,
        )


class Progress(Detail):
    """The part of the page that moves, for the poll; the whole page again when it is over."""

    template_name = "migration_import/_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how far it is."""
        response = super().get(request, *args, **kwargs)
        if not self.subject.is_busy:
            response["HX-Refresh"] = "true"
        return response


class Row(DetailScreen):
    """One row of the file: what came, what is wrong, what was made of it."""

    model = FileImport
    permission_required = PERMISSION
    template_name = "migration_import/row.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the row, or answer 404."""
        row = row_of(self.subject, self.kwargs["number"])
        if row is None:
            raise Http404
        problems = list(
            problems_of(self.subject).filter(number=row.number).order_by("column", "id")
        )
        names = self.subject.columns
        cells = [
            {
                "name": names[position] if position < len(names) else "",
                "text": text,
                "problems": [one for one in problems if one.column == position],
            }
            for position, text in enumerate(row.raw)
        ]
        return super().get_context_data(
            row=row,
            cells=cells,
            whole=[one for one in problems if one.column < 0],
            made=objects_of_row(self.subject, row.number),
            no_rail=True,
            **extra,
        )
