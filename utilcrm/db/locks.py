"""Locks on things that have no row yet: two people must not create the same one at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def lock_until_commit(*parts: str) -> None:
    """
    Wait for, then hold until the transaction ends, the lock named by `parts` in this tenant.

    Advisory locks are shared by the whole database, so the tenant's schema is part of the name.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_named(parts)])


@contextmanager
def only_one(*parts: str) -> Iterator[bool]:
    """
    Hold, for a while that is no transaction, the lock named by `parts` in this tenant.

    Yields whether we have it; nobody waits for it. Whoever is killed lets go of it.
    """
    name = _named(parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        has_it: bool = cursor.fetchone()[0]
    try:
        yield has_it
    finally:
        if has_it:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _named(parts: tuple[str, ...]) -> str:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return "\x1f".join((schema, *parts))
