"""Number ranges: gap-tolerant, never repeated, drawn from a PostgreSQL sequence of the tenant."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.db.migrations.operations.base import Operation

_NAME = re.compile(r"^[a-z][a-z0-9_]{2,60}$")


def next_number(sequence: str, *, width: int = 10, prefix: str = "") -> str:
    """Draw the next number of a range, zero-filled to `width` digits after the prefix."""
    return format_number(_draw(sequence, 1)[0], width=width, prefix=prefix)


def reserve_numbers(sequence: str, count: int, *, width: int = 10, prefix: str = "") -> list[str]:
    """Draw `count` numbers at once, for set-based loads."""
    return [format_number(n, width=width, prefix=prefix) for n in _draw(sequence, count)]


def format_number(value: int, *, width: int = 10, prefix: str = "") -> str:
    """Write a drawn value the way people read it."""
    return f"{prefix}{value:0{width}d}"


def ranges() -> list[tuple[str, bool]]:
    """Return the number ranges of the schema entered now, and whether a number was drawn yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value IS NOT NULL FROM pg_sequences"
            " WHERE schemaname = current_schema() AND sequencename LIKE %s ORDER BY sequencename",
            [r"%\_number"],
        )
        return [(name, is_used) for name, is_used in cursor.fetchall()]


def _draw(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count]
        )
        return [row[0] for row in cursor.fetchall()]


class CreateSequence(Operation):
    """Migration operation that makes one number range."""

    reversible = True

    def __init__(self, name: str, start: int = 1) -> None:
        if not _NAME.match(name):
            raise ValueError(f"{name!r} is not a sequence name")
        self.name = name
        self.start = start

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the model state alone: a sequence is not a model."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the sequence in the schema being migrated."""
        # The smallest value is the first one: cloning a schema restarts each range at its smallest.
        first = int(self.start)
        schema_editor.execute(f'CREATE SEQUENCE "{self.name}" MINVALUE {first} START {first}')

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the sequence."""
        schema_editor.execute(f'DROP SEQUENCE "{self.name}"')

    def describe(self) -> str:
        """Say what the operation does, for `migrate` output."""
        return f"Create number range {self.name}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what the migration writer needs to repeat the operation."""
        return (self.__class__.__name__, [self.name, self.start], {})
