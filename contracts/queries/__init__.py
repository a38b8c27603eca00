"""What can be asked about contracts."""

from contracts.queries.documents import Papers, papers_of
from contracts.queries.history import history_of
from contracts.queries.journey import fingerprint, is_over, journey
from contracts.queries.waiting import open_requests

__all__ = [
    "Papers",
    "fingerprint",
    "history_of",
    "is_over",
    "journey",
    "open_requests",
    "papers_of",
]
