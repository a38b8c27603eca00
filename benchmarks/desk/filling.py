"""Fill a table with rows like one pattern, inside the database."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall()) if cursor.description else []


def fill(pattern: models.Model, source: str, **expressions: str) -> int:
    """
    Add a row like the pattern for each row of the source, and return how many.

    `expressions` gives SQL over the source for the columns that differ, by attribute name; a key
    that is not given comes from its sequence. What the pattern says is checked by the database,
    like anything else.
    """
    columns, values, parameters = [], [], []
    for field in pattern._meta.concrete_fields:
        if field.attname in expressions:
            values.append(expressions.pop(field.attname).replace("%", "%%"))
        elif field.primary_key or getattr(field, "generated", False):
            continue
        elif field.name == "uuid":
            values.append("gen_random_uuid()")
        elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            values.append("now()")
        elif isinstance(value := getattr(pattern, field.attname), DatabaseDefault):
            continue
        else:
            values.append(f"%s::{field.db_type(connection)}")
            parameters.append(field.get_db_prep_save(value, connection))
        columns.append(f'"{field.column}"')
    if expressions:
        raise KeyError(f"{pattern._meta.label} has no {', '.join(expressions)}")
    table = pattern._meta.db_table
    # the names in it are our own
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
    statement += f" FROM {source.replace('%', '%%')}"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def go_on_after(*kinds: type[models.Model]) -> None:
    """Let the product's own writes go on after the keys that were given, and measure the tables."""
    for kind in kinds:
        table = kind._meta.db_table
        highest = f"SELECT max(id) FROM {table}"  # noqa: S608 - a name of our own
        ask(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({highest}))")
    ask("VACUUM ANALYZE")
