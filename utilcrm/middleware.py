"""Small response rules that belong to no app."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class AdminContentPolicy:
    """
    Loosen the content security policy for Django admin alone.

    The admin's theme evaluates Alpine expressions and sets style attributes. Only administrators
    reach it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and mark admin pages with the looser policy."""
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {  # type: ignore[attr-defined]
                "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return response


class VisitorBehindProxy:
    """
    Tell visitors apart where a proxy of ours stands in front: limits, locks and evidence name them.

    Only the last entry of `X-Forwarded-For` counts, which our own proxy has added; whatever stands
    before it the visitor may have written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.BEHIND_TLS_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as one of the visitor's."""
        last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        try:
            request.META["REMOTE_ADDR"] = str(ip_address(last))
        except ValueError:
            # The proxy asks for itself, whether we are well, say.
            return self.get_response(request)
        return self.get_response(request)
