"""Bind every request to the contact it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from interactions.models import Interaction
from interactions.queries.contacts import live_contact, live_contacts
from interactions.queries.verification import is_open_for_changes
from utilcrm import context
from utilcrm.web import htmx
from utilcrm.web.returning import with_params
from utilcrm.web.views import Screen

SESSION_KEY = "interaction"
LOCK_KEY = "locked"
WENT_ON_KEY = "went_on"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
NO_CONTACT = "none"
"""What a page names that was made while the agent was with nobody."""

OURS = ("csrfmiddlewaretoken", "interaction", "go_on", "turn")
"""Fields that say how a form is sent; everything else is what somebody typed."""


def is_locked(request: HttpRequest) -> bool:
    """Tell whether the agent has locked the screen to the customer who is on it."""
    return bool(request.session.get(LOCK_KEY))


def take_up_again(request: HttpRequest) -> None:
    """
    Turn to the one contact that the agent is in, after a log-in that had lapsed or a crash.

    With several, the agent says at the desk which one it is.
    """
    live = live_contacts(request.user)
    if len(live) == 1:
        request.session[SESSION_KEY] = str(live[0].uuid)


class ActiveInteraction:
    """
    Give each request `request.interaction`: the live contact, or None.

    A page sends the contact under which it was made (header `X-Interaction`, or the field
    `interaction` of a form; "none" if there was none), and that one counts, not whatever contact
    the agent has turned to since. If the agent has, nothing is done before they have answered
    whose concern it is. What belongs to a contact that has ended is refused with 409 and kept on
    the page: nothing lands on the next customer by accident.

    While the caller of the contact is not verified, sensitive screens are closed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its contact."""
        if not request.user.is_authenticated:
            request.interaction = None  # type: ignore[attr-defined]
            return self.get_response(request)
        raw = _raw_name(request)
        named = _parse(raw)
        active = _parse(request.session.get(SESSION_KEY))
        chosen = None if raw == NO_CONTACT else named or active
        contact = SimpleLazyObject(lambda: live_contact(chosen, request.user))
        request.interaction = contact  # type: ignore[attr-defined]
        if named and request.method not in SAFE_METHODS and not contact:
            return self._refuse(request)
        with context.acting(
            interaction_uuid=chosen if chosen and contact_counts(request) else None
        ):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """
        Ask first if the page belongs to another contact than the one the agent is with.

        What a stranger must not change is closed until the caller is verified.
        """
        return self._ask_whose(request, view) or _closed(request, view)

    def _ask_whose(self, request: HttpRequest, view: Any) -> HttpResponse | None:
        active = _another_contact(request) if _asks(request, view) else None
        if active is None:
            return None
        pair = [_raw_name(request), str(active.uuid)]
        if request.POST.get("go_on") == str(active.uuid):
            request.session[WENT_ON_KEY] = pair
            if request.POST.get("turn") and request.interaction:  # type: ignore[attr-defined]
                request.session[SESSION_KEY] = _raw_name(request)
            return None
        return None if request.session.get(WENT_ON_KEY) == pair else _ask(request, active)

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


def _asks(request: HttpRequest, view: Any) -> bool:
    """Tell whether a request does something for a customer on a screen of ours."""
    if request.method in SAFE_METHODS or not request.user.is_authenticated:
        return False
    screen = getattr(view, "view_class", None)
    if not isinstance(screen, type) or not issubclass(screen, Screen):
        return False
    return screen.login_required and not screen.own_contact


def _closed(request: HttpRequest, view: Any) -> HttpResponse | None:
    """Lead to the caller's verification, and from there to the page that was asked for."""
    if not getattr(getattr(view, "view_class", None), "is_sensitive", False):
        return None
    contact = request.interaction  # type: ignore[attr-defined]
    if not contact or is_open_for_changes(contact):
        return None
    if contact.account is None:
        messages.warning(request, _("Confirm the customer first, and verify the caller."))
        return htmx.redirect(request, reverse("interactions:contact", args=[contact.uuid]))
    if request.method not in SAFE_METHODS:
        text = _("Nothing was saved: verify the caller first. What you typed is kept.")
        messages.error(request, text)
    address = reverse("interactions:verify", args=[contact.uuid])
    return htmx.redirect(request, with_params(address, next=request.get_full_path()))


def _another_contact(request: HttpRequest) -> Interaction | None:
    """Return the live contact that the agent is with, if the page was made under another one."""
    raw, active = _raw_name(request), _parse(request.session.get(SESSION_KEY))
    named = _parse(raw)
    if active is None or named == active or (named is None and raw != NO_CONTACT):
        return None
    return live_contact(active, request.user)


def _ask(request: HttpRequest, active: Interaction) -> HttpResponse:
    """Show both customers, and what can be done; everything typed goes along."""
    page_contact = request.interaction or None  # type: ignore[attr-defined]
    # The frame around the question shows the customer whom the agent is with.
    request.interaction = active  # type: ignore[attr-defined]
    facts = {
        "title": _("Whose concern is this?"),
        "page_contact": page_contact,
        "active": active,
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in OURS
        ],
        "has_files": bool(request.FILES),
    }
    if not htmx.wants_partial(request):
        return render(request, "interactions/another_contact.html", facts, status=409)
    response = render(request, "interactions/_another_contact_dialog.html", facts, status=409)
    response["HX-Retarget"] = "#dialog"
    response["HX-Reswap"] = "innerHTML"
    return htmx.trigger(response, "another-contact")


def _raw_name(request: HttpRequest) -> str:
    raw = request.headers.get("X-Interaction")
    if (
        raw is None
        and request.method == "POST"
        and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        raw = request.POST.get("interaction")
    return raw or ""


def _parse(raw: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(raw)) if raw else None
    except ValueError:
        return None
