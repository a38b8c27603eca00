"""Slowing down who tries many links, without locking anybody else out."""

from __future__ import annotations

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

WINDOW_SECONDS = 600
WRONG_LINKS = 20
VISITS = 300
QUESTIONS = 20
LINES = 300


class TooManyTries(Exception):
    """One address has tried more than any customer would."""


def count_visit(address: str) -> None:
    """
    Count a visit of the signing pages.

    :raises TooManyTries: past 300 in ten minutes, or after 20 links that lead nowhere
    """
    if _count("visit", address) > VISITS or _tries("wrong", address) > WRONG_LINKS:
        raise TooManyTries


def count_question(address: str) -> None:
    """
    Count a question by form or chat.

    :raises TooManyTries: past 20 in ten minutes
    """
    if _count("question", address) > QUESTIONS:
        raise TooManyTries


def count_line(address: str) -> None:
    """
    Count a line of a chat.

    :raises TooManyTries: past 300 in ten minutes
    """
    if _count("line", address) > LINES:
        raise TooManyTries


def count_wrong_link(address: str) -> None:
    """Count a link that leads nowhere."""
    _count("wrong", address)


def _count(kind: str, address: str) -> int:
    """Count one more; without a cache everybody is let through, because customers must sign."""
    key = f"portals:{kind}:{address}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return int(cache.incr(key))
    except (RedisError, OSError, ValueError) as exc:
        logger.warning("rate_limit_unavailable", error=str(exc))
        return 0


def _tries(kind: str, address: str) -> int:
    try:
        return int(cache.get(f"portals:{kind}:{address}") or 0)
    except (RedisError, OSError, ValueError):
        return 0
