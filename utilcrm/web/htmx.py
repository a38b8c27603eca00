"""Telling an htmx request from a page request, and answering it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def wants_partial(request: HttpRequest) -> bool:
    """Return whether only a fragment is asked for: htmx, but neither boosted nor from history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page, whichever way it asked."""
    if not wants_partial(request):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def toast(response: HttpResponse, text: str, tone: str = "success") -> HttpResponse:
    """Have the page show a passing notice once it has received this answer."""
    return trigger(response, "toast", {"text": str(text), "tone": tone})


def trigger(response: HttpResponse, event: str, detail: Any = None) -> HttpResponse:
    """Raise a DOM event on the page that receives this answer."""
    events = json.loads(response.get("HX-Trigger", "{}"))
    events[event] = detail if detail is not None else {}
    response["HX-Trigger"] = json.dumps(events)
    return response


def nothing_changed() -> HttpResponse:
    """Answer a poll whose content is as the page has it; htmx leaves the page alone."""
    return HttpResponse(status=204)
