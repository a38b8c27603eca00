"""Locks on things that have no row yet: two people must not create the same one at once."""

from __future__ import annotations

from django.db import connection


def lock_until_commit(*parts: str) -> None:
    """
    Wait for, then hold until the transaction ends, the lock named by `parts` in this tenant.

    Advisory locks are shared by the whole database, so the tenant's schema is part of the name.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    name = "\x1f".join((schema, *parts))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
