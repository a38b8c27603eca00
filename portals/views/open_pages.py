"""What pages have in common that anybody may open: the form, and the chat."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from portals.services import limiting
from utilcrm.web.views import Screen


class OpenPage(Screen):
    """A page in the visitor's own language that no cache keeps; who asks too often is told so."""

    login_required = False

    @property
    def visitor_address(self) -> str:
        """Return the network address of the visitor."""
        return str(self.request.META.get("REMOTE_ADDR", ""))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the language that the visitor's browser asks for."""
        self.language = self.language_of(request, **kwargs)
        response: HttpResponseBase
        with translation.override(self.language):
            try:
                response = super().dispatch(request, *args, **kwargs)
            except limiting.TooManyTries:
                response = self.too_many()
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    def language_of(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return the language in which the page speaks: the one that the browser asks for."""
        return translation.get_language_from_request(request)

    def too_many(self) -> HttpResponse:
        """Say that it is enough for now."""
        self.template_name = "portals/ask/too_many.html"
        return self.show(self.get_context_data(), status=429)
