"""The demo's register: who the four tenants are in their markets, and where it listens."""

from __future__ import annotations

from django.conf import settings

from market.choices import Codec
from market.models import MarketEndpoint

NAME = "Sandbox register"
PASSWORD = "register-secret"  # noqa: S105 - the sandbox guards nothing
REGISTER = "5790001330552"

PARTIES = {
    "unified": (Codec.POSF, "5013546000019"),
    "nordlicht": (Codec.POSF, "4033872000010"),
    "ribera": (Codec.POSF, "8480015000011"),
    "havn": (Codec.CIM, "5790002500015"),
}
"""The language that each tenant's register speaks, and the tenant's GLN there."""


def connect_register(code: str) -> MarketEndpoint:
    """
    Point the current tenant at the sandbox's register; safe to repeat, for the port may change.

    What an administrator has switched off stays switched off.
    """
    codec, number = PARTIES[code]
    endpoint = MarketEndpoint.objects.filter(name=NAME).first()
    if endpoint is None:
        others = MarketEndpoint.objects.filter(is_active=True).exists()
        endpoint = MarketEndpoint(name=NAME, is_active=not others)
    endpoint.url = f"{settings.SANDBOX_REGISTER_URL}/{codec.value.lower()}/{code}"
    endpoint.codec = codec
    endpoint.party_id = number
    endpoint.operator_id = REGISTER
    endpoint.username = code
    endpoint.set_password(PASSWORD)
    endpoint.save()
    return endpoint
