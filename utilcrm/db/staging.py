"""
Set-based loads: COPY rows to a temporary table, then one UPDATE and one INSERT.

The names of tables and columns are those of our own code: nothing that a person or another system
sent becomes part of a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from utilcrm.db.copying import copy_into


class Reject(NamedTuple):
    """A row that was not loaded: its key in the other system, a code, and why in plain words."""

    key: str
    code: str
    reason: str


class Loaded(NamedTuple):
    """What a load did. Rows that were there already, and equal, count as neither."""

    created: int
    updated: int
    rejects: list[Reject]

    def plus(self, other: Loaded) -> Loaded:
        """Return the sum of two loads."""
        return Loaded(
            self.created + other.created,
            self.updated + other.updated,
            [*self.rejects, *other.rejects],
        )

    def with_rejects(self, rejects: list[Reject]) -> Loaded:
        """Return the same load with the rows that were rejected before it."""
        return self._replace(rejects=[*rejects, *self.rejects])


class Staging:
    """
    A temporary table that lives until the transaction ends.

    `columns` maps names to PostgreSQL types.
    """

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.name = name
        self.columns = columns
        shape = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f'DROP TABLE IF EXISTS pg_temp."{name}";'
                f' CREATE TEMPORARY TABLE "{name}" ({shape}) ON COMMIT DROP'
            )

    def fill(self, rows: Iterable[Sequence[Any]]) -> None:
        """COPY the rows in, as `copy_into` does."""
        copy_into(f'pg_temp."{self.name}"', self.columns, rows)
        with connection.cursor() as cursor:
            cursor.execute(f'ANALYZE pg_temp."{self.name}"')


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Execute one set-based statement of our own and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def fetch(
    statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> list[tuple[Any, ...]]:
    """Execute one query of our own and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def new_uuid_sql() -> str:
    """Return the SQL that makes a UUID: time-ordered where the server can (PostgreSQL 18)."""
    version: int = connection.pg_version  # type: ignore[attr-defined]
    return "uuidv7()" if version >= 180000 else "gen_random_uuid()"


def adopt(*, table: str, source: str, key: str) -> int:
    """
    Give rows that we made, and sent, the number under which the other system has them by now.

    `source` holds `external_reference`, our UUID as the other system keeps it. Without this a
    download that overtakes a confirmation would make the same object again.
    """
    return run(
        f"UPDATE {table} t SET {key} = s.{key}, updated_at = now() FROM {source} s "  # noqa: S608
        f"WHERE t.uuid = s.external_reference AND t.{key} = ''"
    )


def upsert(
    *,
    table: str,
    source: str,
    key: str,
    columns: Sequence[str],
    on_insert: Mapping[str, str],
    is_versioned: bool = False,
) -> Loaded:
    """
    Update the rows of `table` that differ from `source`, and insert the missing ones.

    `source` is a table or a parenthesised query that holds `key`, `external_reference` (our UUID
    if the other system has one, else null) and every column.
    `on_insert` gives further columns of new rows as SQL, for example a number drawn from a
    sequence: it is evaluated for new rows only, so a second run draws nothing. What a constraint
    keeps out is rejected, never lost in silence.
    """
    changed = ", ".join(f"{column} = s.{column}" for column in columns)
    ours = ", ".join(f"t.{column}" for column in columns)
    theirs = ", ".join(f"s.{column}" for column in columns)
    version = ", version = t.version + 1" if is_versioned else ""
    updated = run(
        f"UPDATE {table} t SET {changed}, updated_at = now(){version} FROM {source} s "  # noqa: S608
        f"WHERE t.{key} = s.{key} AND t.{key} <> '' AND ({ours}) IS DISTINCT FROM ({theirs})"
    )
    missing = (
        f"SELECT s.{key} FROM {source} s "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = s.{key} AND t.{key} <> '')"
    )
    if not fetch(f"{missing} LIMIT 1"):
        return Loaded(0, updated, [])
    names = ", ".join([key, "uuid", *columns, *on_insert, "created_at", "updated_at"])
    made = f"coalesce(s.external_reference, {new_uuid_sql()})"
    values = ", ".join(
        [f"s.{key}", made, *[f"s.{column}" for column in columns], *on_insert.values()]
    )
    created = run(
        f"INSERT INTO {table} ({names}) SELECT {values}, now(), now() FROM {source} s "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = s.{key} AND t.{key} <> '')"
        " ON CONFLICT DO NOTHING"
    )
    kept_out = fetch(f"{missing} ORDER BY 1")
    return Loaded(
        created,
        updated,
        [Reject(row[0], "CONFLICT", _("Another record stands in its way.")) for row in kept_out],
    )
