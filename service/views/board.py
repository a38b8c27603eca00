"""The deadline board: everything that somebody has to do by some moment."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from service.forms.filters import BoardFilter
from service.queries.board import board, lines
from utilcrm import clock
from utilcrm.spreadsheets import as_file
from utilcrm.web.views import Screen


class Board(Screen):
    """How many, by when, and which ones first; of all apps that know deadlines."""

    permission_required = "service.view_case"
    template_name = "service/board.html"
    title = _("Deadlines")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a page of it."""
        filters = BoardFilter(request.GET or None, user=request.user)
        try:
            page = board(request.user, filters.chosen(), request.GET.get("after", ""))
        except ValueError as error:
            raise Http404 from error
        return self.show(
            self.get_context_data(
                board=page, filters=filters, chosen=filters.chosen(), no_rail=True
            )
        )


class BoardFile(Screen):
    """The board as a file for a spreadsheet."""

    permission_required = "service.view_case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send it."""
        filters = BoardFilter(request.GET or None, user=request.user)
        name = f"deadlines-{clock.today().isoformat()}.csv"
        return as_file(lines(request.user, filters.chosen()), name=name)
