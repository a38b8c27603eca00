"""The link by which a customer signs: 256 bits that only the customer has."""

from __future__ import annotations

import base64
import hashlib

from django.urls import reverse
from django.utils.crypto import salted_hmac

from contracts.models import SignatureRequest
from tenants.queries import base_url
from utilcrm.db.tenancy import current_schema


class LinkUnknown(Exception):
    """No request belongs to the link: mistyped, replaced by a newer one, or another company's."""


def token_of(request: SignatureRequest) -> str:
    """
    Return the token of a request's present link.

    It is derived from the installation's secret, so that a reminder carries the same link although
    the token itself is kept nowhere. The tenant's schema is part of it.
    """
    schema = current_schema()
    text = f"{schema}:{request.uuid}:{request.link_serial}"
    digest = salted_hmac("contracts.signature.link", text, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def sha256_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def address_of(request: SignatureRequest) -> str:
    """Return the whole link, for a mail."""
    return base_url() + reverse("portals:sign", args=[token_of(request)])


def find_request(token: str) -> SignatureRequest:
    """
    Return the request that a link leads to.

    :raises LinkUnknown: if there is none
    """
    request = (
        SignatureRequest.objects.select_related("document", "signed_document", "account")
        .filter(token_sha256=sha256_of(token))
        .first()
    )
    if request is None:
        raise LinkUnknown
    return request
