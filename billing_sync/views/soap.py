"""The SOAP endpoints that the ERP and the print company call."""

from __future__ import annotations

import base64
import binascii

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from billing_sync.queries import active_endpoint
from billing_sync.queries.invoices import active_printer
from billing_sync.services import receiving
from billing_sync.services.invoicing import taking

logger = structlog.get_logger(__name__)

MAX_BYTES = 2 * 1024 * 1024
MAX_BATCH_BYTES = 4 * 1024 * 1024
_XML = "text/xml; charset=utf-8"


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
        payload = _payload(request, most=MAX_BYTES)
        if payload is None:
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


@method_decorator(csrf_exempt, name="dispatch")
class PrintInbound(View):
    """Takes a batch of invoice numbers and tokens, and answers with its receipt."""

    http_method_names = ["post"]

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        """Check who it is and how long it is before anything is read."""
        printer = active_printer()
        username, password = _credentials(request)
        if printer is None or not printer.admits(username, password):
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="print"'})
        payload = _payload(request, most=MAX_BATCH_BYTES)
        if payload is None:
            return HttpResponse(status=413)
        try:
            receipt = taking.take_batch(payload, endpoint=printer)
        except taking.BatchInvalid as exc:
            return _fault(exc.code, exc.text)
        except Exception as exc:
            # Nothing of the exception but its kind: its text may quote what was sent.
            logger.error("print_batch_failed", kind=type(exc).__name__)
            return _fault("TEMPORARY_ERROR", "Nothing was taken. Please send the message again.")
        return HttpResponse(receipt, content_type=_XML)


def _fault(code: str, text: str) -> HttpResponse:
    return HttpResponse(taking.batch_fault(code, text), status=500, content_type=_XML)


def _payload(request: HttpRequest, *, most: int) -> bytes | None:
    """Return the body, or nothing where it is longer than agreed."""
    if int(request.headers.get("Content-Length") or 0) > most:
        return None
    payload = request.read(most + 1)
    return payload if len(payload) <= most else None


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        username, _colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return username, password
