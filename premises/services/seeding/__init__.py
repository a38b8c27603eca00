"""Know a market's distributors and their grid areas."""

from premises.services.seeding.providers import seed_market

__all__ = ["seed_market"]
