"""Reads of the market app."""

from __future__ import annotations

from market.models import MarketEndpoint


def active_endpoint() -> MarketEndpoint | None:
    """Return the register of this tenant's market, if it has one."""
    return MarketEndpoint.objects.filter(is_active=True).first()
