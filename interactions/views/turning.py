"""The answers to "whose concern is this?" on a page that goes on by itself afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from interactions.choices import LIVE
from interactions.middleware import SESSION_KEY, WENT_ON_KEY
from interactions.models import Interaction
from utilcrm.web import htmx
from utilcrm.web.views import Screen


class GoOn(Screen):
    """Save under the page's contact although the agent is with another; asked once for the two."""

    permission_required = "interactions.handle_interaction"
    own_contact = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the answer; the page sends its form once more."""
        request.session[WENT_ON_KEY] = [
            request.POST.get("page", "")[:36],
            request.POST.get("active", "")[:36],
        ]
        return _settled()


class Turn(Screen):
    """Turn to the page's contact."""

    permission_required = "interactions.handle_interaction"
    own_contact = True

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Make it the session's contact; the page sends its form once more."""
        contact = get_object_or_404(
            Interaction.objects.visible_to(request.user).filter(
                agent_id=request.user.pk, status__in=LIVE
            ),
            uuid=uuid,
        )
        request.session[SESSION_KEY] = str(contact.uuid)
        return _settled()


def _settled() -> HttpResponse:
    answer = htmx.trigger(HttpResponse(status=204), "close-dialog")
    return htmx.trigger(answer, "contact-settled")
