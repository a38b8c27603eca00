"""Records of the market app."""

from market.models.endpoint import MarketEndpoint

__all__ = ["MarketEndpoint"]
