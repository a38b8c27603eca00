"""
Tell an agent's open pages that something happened.

A page asks every second whether its token is still the newest. The token lives in the cache, so
that asking costs no query; without the cache the page falls back to the database.
"""

from __future__ import annotations

import uuid

import structlog
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

_KEEP_SECONDS = 3600


def _key(user_id: int) -> str:
    return f"live:{user_id}"


def ring(user_id: int) -> None:
    """Give the user's pages a new token once the running transaction has committed."""
    transaction.on_commit(lambda: _set(user_id), robust=True)


def _set(user_id: int) -> None:
    try:
        cache.set(_key(user_id), uuid.uuid4().hex, _KEEP_SECONDS)
    except RedisError:
        logger.warning("live_token_not_set", user_id=user_id)


def token(user_id: int) -> str | None:
    """Return the newest token; empty when nothing has happened yet, None without a cache."""
    try:
        return cache.get(_key(user_id)) or ""
    except RedisError:
        logger.warning("live_token_not_read", user_id=user_id)
        return None
