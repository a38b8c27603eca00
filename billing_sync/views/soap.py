"""The SOAP endpoint that the ERP calls."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from billing_sync.queries import active_endpoint
from billing_sync.services import receiving

MAX_BYTES = 2 * 1024 * 1024


@method_decorator(csrf_exempt, name="dispatch")
class ErpInbound(View):
    """Takes one message; HTTP 202 says that it is stored and applied, or was before."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check who it is and how long it is before anything is read."""
        endpoint = active_endpoint()
        username, password = _credentials(request)
        if endpoint is None or not endpoint.admits(username, password):
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="ERP"'})
        if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
            return HttpResponse(status=413)
        payload = request.read(MAX_BYTES + 1)
        if len(payload) > MAX_BYTES:
            return HttpResponse(status=413)
        try:
            receiving.take(payload)
        except receiving.InboundInvalid as exc:
            return HttpResponse(
                receiving.fault(exc.code, exc.text),
                status=500,
                content_type="text/xml; charset=utf-8",
            )
        return HttpResponse(status=202)


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        username, _colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return username, password
