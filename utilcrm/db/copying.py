"""
COPY of new rows straight into their tables.

What is known to be new needs neither a temporary table nor a join: its parents' keys are looked up
once a page, its own are drawn beforehand. Whether it *is* new is for the constraints to say, which
see what another transaction has done meanwhile: `copied` then tells the caller to go the long way
of `utilcrm.db.staging`.
"""

from __future__ import annotations

import csv
import io
import itertools
import operator
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import NOT_PROVIDED, CharField, Model, TextField
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

_PIECE = 1 << 18
_COUNTS = 0xFFF
_TEXTS = frozenset({"text"})

RECORD = {"id": "bigint", "uuid": "uuid", "created_at": "timestamptz", "updated_at": "timestamptz"}
"""The columns that every record begins with; `heads` makes their values."""


class _Referring(Protocol):
    @property
    def external_reference(self) -> UUID | None: ...


Row = TypeVar("Row", bound=_Referring)
Instance = TypeVar("Instance", bound=Model)


def copied(work: Callable[[], None]) -> bool:
    """
    Do work that copies new rows; tell whether it is done.

    Where a constraint keeps a row out, nothing of the work is left.
    """
    try:
        with transaction.atomic():
            work()
    except IntegrityError:
        return False
    return True


def copy_into(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """
    COPY rows into a table, in the order of the columns; memory stays flat however many.

    `columns` maps names to PostgreSQL types. None is stored as null, except in a text column,
    where it is the empty text: our text columns know no null. The rows must not ask the database
    while they are read: a connection can do one thing at a time.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    texts = ", ".join(f'"{name}"' for name, kind in columns.items() if kind in _TEXTS)
    not_null = f", FORCE_NOT_NULL ({texts})" if texts else ""
    # Django translates the errors of `execute` by itself, of COPY it does not know.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT csv{not_null})", _Lines(rows), _PIECE
        )


def draw_keys(table: str, number: int) -> list[int]:
    """Return this many new primary keys of a table, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name"
            " OFFSET 0) s, generate_series(1, %s)",
            [table, number],
        )
        return [key for (key,) in cursor.fetchall()]


def heads(keys: Sequence[int]) -> Iterator[tuple[int, str, str, str]]:
    """Return for each key the values of `RECORD`: a new UUID, and now as both times."""
    now = timezone.now().isoformat()
    return ((key, made, now, now) for key, made in zip(keys, new_uuids(len(keys)), strict=True))


def new_uuids(number: int) -> Iterator[str]:
    """Return UUIDs of version 7 as PostgreSQL reads them, those of a batch in ascending order."""
    moment = f"{time.time_ns() // 1_000_000:012x}7"
    chance = os.urandom(8 * number).hex()
    step = max(number, _COUNTS)
    # A counter where RFC 9562 allows one, then the variant and sixty bits of chance.
    return (
        f"{moment}{at * _COUNTS // step:03x}8{chance[at * 16 + 1 : at * 16 + 16]}"
        for at in range(number)
    )


def copy_objects(objects: Iterable[Instance]) -> list[Instance]:
    """
    COPY new records, all of one model, as `bulk_create` would insert them; they get their keys.

    Several times as fast where records are many: nothing is assembled to a statement. A column
    that no record says anything of is left to the database's default.

    :raises django.db.IntegrityError: if a constraint keeps one of them out
    :raises ValueError: if some of the records leave a column to the database, and others do not
    """
    made = list(objects)
    if not made:
        return made
    meta: Any = made[0]._meta
    fields: list[Any] = [
        one for one in meta.concrete_fields if not one.primary_key and not one.generated
    ]
    for field in [one for one in fields if one.db_default is not NOT_PROVIDED]:
        left = {isinstance(getattr(one, field.attname), DatabaseDefault) for one in made}
        if len(left) > 1:
            raise ValueError(f"{field.attname} is given for some of them only")
        if left == {True}:
            fields.remove(field)
    stamped = [one.attname for one in fields if getattr(one, "auto_now", False)]
    stamped += [one.attname for one in fields if getattr(one, "auto_now_add", False)]
    now = timezone.now()
    for one, key in zip(made, draw_keys(meta.db_table, len(made)), strict=True):
        one.pk = key
        for name in stamped:
            setattr(one, name, now)
    # a text that may be missing is missing where it is empty
    columns = {meta.pk.column: "bigint"} | {
        one.column: "text" if isinstance(one, CharField | TextField) and not one.null else ""
        for one in fields
    }
    values = operator.attrgetter(meta.pk.attname, *(one.attname for one in fields))
    copy_into(meta.db_table, columns, map(values, made))
    for one in made:
        one._state.adding, one._state.db = False, connection.alias
    return made


def keys_of(table: str, column: str, values: Collection[str]) -> dict[str, int]:
    """Return the primary keys of the rows of a table that have one of the values in a column."""
    if not values:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, id FROM {table} WHERE {column} = ANY(%s) AND {column} <> ''",  # noqa: S608
            [list(values)],
        )
        return dict(cursor.fetchall())


def unknown(table: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """Return the rows, by ERP number, that are not in a table, nor were made by us."""
    here = keys_of(table, "erp_number", rows)
    return {
        number: row
        for number, row in rows.items()
        if number not in here and row.external_reference is None
    }


class _Lines(io.RawIOBase):
    """Reads like a file of comma separated values, and is made as it is read."""

    _ROWS_AT_ONCE = 500

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        super().__init__()
        self._rows = iter(rows)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes."""
        pieces = [self._rest]
        length = len(self._rest)
        while size < 0 or length < size:
            some = list(itertools.islice(self._rows, self._ROWS_AT_ONCE))
            if not some:
                break
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(some)
            piece = text.getvalue().replace("\0", "").encode()
            pieces.append(piece)
            length += len(piece)
        joined = b"".join(pieces)
        if size < 0:
            size = len(joined)
        self._rest = joined[size:]
        return joined[:size]
