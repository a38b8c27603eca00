"""The signed PDF: the document that was signed, untouched, with its audit page, sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from contracts.models import Contract, SignatureEvidence, SignatureRequest
from contracts.services import drafting
from contracts.services.requesting import customer_of
from correspondence.choices import DocumentKind, MessagePurpose
from correspondence.services.documents import request_document
from correspondence.services.mailing import send_message
from tenants.queries import current_profile


def make_signed_document(request: SignatureRequest, contracts: Sequence[Contract]) -> None:
    """
    Have the worker add the audit page and seal the whole, and mail it to the customer.

    Part of signing: call it in that transaction. The pages that were signed are not drawn again.
    """
    lines = list(request.evidence.order_by("n"))
    numbers = [one.number for one in contracts]
    with translation.override(request.language):
        title = _("Signed contract %(numbers)s") % {"numbers": " + ".join(numbers)}
        context = _describe(request, lines, numbers)
    document = request_document(
        kind=DocumentKind.SIGNED_CONTRACT,
        subject=contracts[0],
        customer=customer_of(request.account),
        title=title,
        template=drafting.AUDIT_TEMPLATE,
        language=request.language,
        context=context,
        seal=True,
        original=request.document,
    )
    request.attach_signed(document)
    send_message(
        purpose=MessagePurpose.SIGNED_COPY,
        subject=request,
        customer=customer_of(request.account),
        to=request.sent_to,
        template="contracts/mail/signed_copy",
        language=request.language,
        context={
            "customer": request.account.name,
            "numbers": numbers,
            "withdrawal_days": current_profile().withdrawal_days,
        },
        documents=[document],
    )


def _describe(
    request: SignatureRequest, lines: Sequence[SignatureEvidence], numbers: list[str]
) -> dict[str, Any]:
    return {
        "utility": drafting.describe_utility(current_profile()),
        "numbers": numbers,
        "signer_name": request.signer_name,
        "method": request.method,
        "method_label": str(request.get_method_display()),
        "sent_to": request.sent_to,
        "signed_at": moment(request.signed_at) if request.signed_at else "",
        "revision": request.revision,
        "consent_version": request.consent_version,
        "document_sha256": request.document_sha256,
        "image": next((x.detail["image"] for x in lines if x.detail.get("image")), ""),
        "evidence": [
            {
                "n": line.n,
                "kind": line.kind,
                "label": str(line.get_kind_display()),
                "at": moment(line.at),
                "ip_address": line.ip_address or "",
                "user_agent": line.user_agent,
                "hash": line.hash,
            }
            for line in lines
        ],
    }


def moment(at: dt.datetime) -> str:
    """Write a moment in UTC to the second, the same in every language."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
