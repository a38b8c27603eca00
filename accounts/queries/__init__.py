"""Reads across accounts, contact points and agreements."""

from accounts.queries.overview import (
    Overview,
    agreements_of,
    contact_points_of,
    overview,
    recent_accounts,
    visible_customers,
)

__all__ = [
    "Overview",
    "agreements_of",
    "contact_points_of",
    "overview",
    "recent_accounts",
    "visible_customers",
]
