"""
Tell open pages that something was written, so that asking costs no query.

A page asks with the token that it has seen; the newest lies in the cache. Without a cache the
page is drawn from the database each time.
"""

from __future__ import annotations

import uuid

import structlog
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

logger = structlog.stdlib.get_logger(__name__)

WAITING = "waiting"
"""The list of what waits."""

_KEEP_SECONDS = 3600


def notice(*topics: str) -> None:
    """Give topics (the list, or a conversation's UUID) a new token once this is committed."""
    transaction.on_commit(lambda: _set(topics), robust=True)


def newest(topic: str) -> str | None:
    """Return a topic's token; "none" when nothing has happened lately, None without a cache."""
    try:
        return cache.get(f"conversations:{topic}") or "none"
    except RedisError:
        logger.warning("notice_not_read", topic=topic)
        return None


def is_known(topic: str, seen: str) -> bool:
    """Tell whether a page that has seen a token misses nothing."""
    return bool(seen) and newest(topic) == seen


def _set(topics: tuple[str, ...]) -> None:
    try:
        for topic in topics:
            cache.set(f"conversations:{topic}", uuid.uuid4().hex, _KEEP_SECONDS)
    except RedisError:
        logger.warning("notice_not_set", topics=topics)
