"""Load first, index afterwards: the way of every big load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

_FOUND = """
SELECT quote_ident(belongs.relname), quote_ident(own.relname), pg_get_indexdef(own.oid),
  pg_get_constraintdef(made_for.oid)
FROM pg_index AS index
JOIN pg_class AS own ON own.oid = index.indexrelid
JOIN pg_class AS belongs ON belongs.oid = index.indrelid
LEFT JOIN pg_constraint AS made_for
  ON made_for.conindid = own.oid AND made_for.contype IN ('u', 'x')
WHERE belongs.relnamespace = current_schema()::regnamespace
  AND belongs.relname = ANY (%s) AND NOT index.indisprimary
"""


@contextmanager
def made_afterwards(tables: Sequence[str]) -> Iterator[None]:
    """Take the tables' indexes away, the primary keys aside, and make them again at the end."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [list(tables)])
        found = cursor.fetchall()
        for table, name, _definition, constraint in found:
            cursor.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {name}"
                if constraint
                else f"DROP INDEX {name}"
            )
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for table, name, definition, constraint in found:
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint}"
                if constraint
                else definition
            )
        cursor.execute("RESET maintenance_work_mem")
