"""Where a mail server brings e-mails by itself, instead of having its mailbox looked into."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from conversations.models import Mailbox
from conversations.services.taking import take_in
from utilcrm import clock
from utilcrm.webhooks import SignatureRefused, check_signature

LARGEST_BODY = 40 * 1024 * 1024
"""Bytes; of what is longer than `parsing.MOST_BYTES` only the head is taken in."""


@method_decorator(csrf_exempt, name="dispatch")
class IncomingMail(View):
    """One raw e-mail (RFC 5322), signed under the mailbox's key; brought twice it is taken once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the signature on the raw bytes, then take them in by the one door."""
        length = request.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return JsonResponse({"error": "too large"}, status=413)
        mailbox = Mailbox.objects.filter(uuid=kwargs["uuid"], is_active=True).first()
        signed = request.headers.get("X-Mail-Signature", "")
        if mailbox is None or not signed:
            # Nothing is read for somebody who knows no mailbox.
            return JsonResponse({"error": "signature"}, status=403)
        raw = request.read(int(length))
        try:
            check_signature(
                header=signed,
                body=raw,
                secret=mailbox.hook_key,
                now=clock.now(),
            )
        except SignatureRefused:
            return JsonResponse({"error": "signature"}, status=403)
        return JsonResponse({"result": take_in(raw, mailbox=mailbox).result.value})
