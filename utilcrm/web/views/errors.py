"""The pages that say what went wrong, in the product's own voice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from utilcrm.web.htmx import wants_partial


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    # A fragment's place on the page gets a small notice, not a whole page inside it.
    template = "components/error_state.html" if wants_partial(request) else f"{status}.html"
    return render(request, template, {"status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, also for what exists but is not this person's to see."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without context processors: the database may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
