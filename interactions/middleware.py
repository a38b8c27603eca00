"""Bind every request to the contact it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from interactions.queries.contacts import live_contact
from utilcrm import context
from utilcrm.web import htmx

SESSION_KEY = "interaction"
LOCK_KEY = "locked"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_locked(request: HttpRequest) -> bool:
    """Tell whether the agent has locked the screen to the customer who is on it."""
    return bool(request.session.get(LOCK_KEY))


class ActiveInteraction:
    """
    Give each request `request.interaction`: the live contact, or None.

    A page sends the contact under which it was made (header `X-Interaction`, or the field
    `interaction` of a plain form), and that one counts, not whatever contact the agent has
    turned to since. What belongs to a contact that has ended is refused with 409 and kept on the
    page: nothing lands on the next customer by accident.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its contact."""
        if not request.user.is_authenticated:
            request.interaction = None  # type: ignore[attr-defined]
            return self.get_response(request)
        named = _named_by_page(request)
        chosen = named or _parse(request.session.get(SESSION_KEY))
        contact = SimpleLazyObject(lambda: live_contact(chosen, request.user))
        request.interaction = contact  # type: ignore[attr-defined]
        if named and request.method not in SAFE_METHODS and not contact:
            return self._refuse(request)
        with context.acting(
            interaction_uuid=chosen if chosen and contact_counts(request) else None
        ):
            return self.get_response(request)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        text = _(
            "The contact under which this page was opened has ended. Nothing was saved; "
            "what you typed is still on the page."
        )
        if request.headers.get("HX-Request") == "true":
            response = HttpResponse(status=409)
            response["HX-Reswap"] = "none"
            return htmx.toast(response, text, "danger")
        messages.error(request, text)
        return render(request, "interactions/contact_ended.html", {"text": text}, status=409)


def contact_counts(request: HttpRequest) -> bool:
    """Tell whether what this request does belongs to the contact: writes do, looking does not."""
    if request.method in SAFE_METHODS:
        return False
    return bool(request.interaction)  # type: ignore[attr-defined]


def _named_by_page(request: HttpRequest) -> uuid.UUID | None:
    raw = request.headers.get("X-Interaction")
    if (
        raw is None
        and request.method == "POST"
        and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        raw = request.POST.get("interaction")
    return _parse(raw)


def _parse(raw: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(raw)) if raw else None
    except ValueError:
        return None
