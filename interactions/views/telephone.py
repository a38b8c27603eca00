"""Where the telephone system tells of calls."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from events.services.inbox import MessageIdReused
from interactions.services.telephone import (
    MessageRefused,
    SignatureRefused,
    check_signature,
    read_message,
    receive_call_message,
    webhook_secret,
)
from utilcrm import clock

LARGEST_BODY = 16 * 1024


@method_decorator(csrf_exempt, name="dispatch")
class TelephoneWebhook(View):
    """Signed messages only; every other caller gets the same 403 and no reason."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the signature on the raw bytes, then apply the message once."""
        length = request.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return JsonResponse({"error": "too large"}, status=413)
        body = request.body
        try:
            check_signature(
                header=request.headers.get("X-Telephone-Signature", ""),
                body=body,
                secret=webhook_secret(),
                now=clock.now(),
            )
        except SignatureRefused:
            return JsonResponse({"error": "signature"}, status=403)
        try:
            receipt = receive_call_message(message=read_message(body), body=body)
        except MessageRefused as refusal:
            return JsonResponse({"error": str(refusal), "field": refusal.field}, status=400)
        except MessageIdReused:
            return JsonResponse({"error": "this id had another content"}, status=409)
        return JsonResponse({"receipt": receipt.value})
