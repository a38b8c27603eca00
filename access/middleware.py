"""Carry who is asking beside the call stack, for events and logs."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from utilcrm import context


class ActingUser:
    """Set the acting user, a request id and the address for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under the user's name and in the user's language."""
        user = request.user
        request_id = uuid.uuid4().hex
        with context.acting(
            actor_id=user.pk if user.is_authenticated else None,
            actor_name=str(user) if user.is_authenticated else "",
            interaction_uuid=None,
            request_id=request_id,
            ip_address=request.META.get("REMOTE_ADDR", ""),
        ):
            language = getattr(user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
