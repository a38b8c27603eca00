"""Reads: who is meant, and who may be there already."""

from identification.queries.finding import (
    Answer,
    Hit,
    Reason,
    by_email,
    by_emails,
    by_phone,
    identify,
)
from identification.queries.likeness import Similar, similar_accounts

__all__ = [
    "Answer",
    "Hit",
    "Reason",
    "Similar",
    "by_email",
    "by_emails",
    "by_phone",
    "identify",
    "similar_accounts",
]
