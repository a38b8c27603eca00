"""One client's book on disk: SQLite with a write-ahead log, so that `kill -9` loses nothing."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox.erp.book.changelog import FINANCIAL_SOURCE, change_log_script
from sandbox.erp.book.schema import (
    JSON_COLUMNS,
    NUMBER_RANGES,
    creation_script,
    missing_columns,
)

Row = dict[str, Any]
BUSY_SECONDS = 30
NOBODY = "BATCH"
"""Who changes the book when nobody was named: the ERP's own jobs."""
_to_json = json.JSONEncoder(ensure_ascii=False, default=str, separators=(",", ":")).encode


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    row = {}
    for (name, *_rest), value in zip(cursor.description, values, strict=True):
        is_json = name in JSON_COLUMNS and isinstance(value, str)
        row[name] = json.loads(value) if is_json else value
    return row


def encode(values: Mapping[str, Any]) -> Row:
    """Return values as SQLite stores them: lists and dicts become JSON."""
    return {
        name: _to_json(value) if isinstance(value, dict | list) else value
        for name, value in values.items()
    }


class Store:
    """Reads and writes rows. One connection a thread; one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        if not path.exists():
            self._connect().executescript(creation_script())
        self._complete()

    def _complete(self) -> None:
        """Give a book that was made by an earlier release the columns that came since."""
        with self._writing:
            for statement in missing_columns(self._connect()):
                self._connect().execute(statement)

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = _row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.create_function("acting_user", 0, self._acting_user)
            self._local.connection = connection
        return connection

    def _acting_user(self) -> str:
        return getattr(self._local, "user", None) or NOBODY

    @contextmanager
    def acting_as(self, user: str) -> Iterator[None]:
        """Write what this thread changes inside under the name of `user` into the change log."""
        before = getattr(self._local, "user", None)
        self._local.user = user
        try:
            yield
        finally:
            self._local.user = before

    def keep_change_log(self) -> None:
        """Log every change of master data from now on."""
        with self._writing:
            self._connect().executescript(change_log_script())
            if self.meta("change_log_id") is None:
                self.name_change_log()

    def name_change_log(self) -> None:
        """Give the change log an identity, by which a reader knows it again."""
        self.set_meta("change_log_id", str(uuid4()))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that is read inside be of the same moment."""
        connection = self._connect()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written inside, all or nothing. May be nested in one thread."""
        with self._writing:
            connection = self._connect()
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: undo what is written in here when it raises, and only that."""
        connection = self._connect()
        connection.execute("SAVEPOINT work")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK TO work")
            raise
        finally:
            connection.execute("RELEASE work")

    def all(self, sql: str, *arguments: Any) -> list[Row]:
        """Return the rows of a SELECT."""
        return self._connect().execute(sql, arguments).fetchall()

    def one(self, sql: str, *arguments: Any) -> Row | None:
        """Return the first row of a SELECT, or None."""
        row: Row | None = self._connect().execute(sql, arguments).fetchone()
        return row

    def execute(self, sql: str, *arguments: Any) -> int:
        """Run one statement; return how many rows it changed."""
        with self.transaction():
            return self._connect().execute(sql, arguments).rowcount

    def insert(self, table: str, **values: Any) -> int:
        """Insert one row; return its rowid."""
        row = encode(values)
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608
        with self.transaction():
            return self._connect().execute(sql, tuple(row.values())).lastrowid or 0

    def insert_many(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        """Insert rows that may lack columns (NULL then)."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        written = [_to_json if column in JSON_COLUMNS else None for column in columns]
        values = (
            [
                row.get(column) if write is None or column not in row else write(row[column])
                for column, write in zip(columns, written, strict=True)
            ]
            for row in rows
        )
        with self.transaction():
            self._connect().executemany(sql, values)

    def update(self, table: str, key: Any, **values: Any) -> None:
        """Change one row by its key (`id`, or `seq` in the tables of the traffic)."""
        row = encode(values)
        column = "seq" if table in {"message", "outgoing", "job"} else "id"
        marks = ", ".join(f"{name} = ?" for name in row)
        self.execute(f"UPDATE {table} SET {marks} WHERE {column} = ?", *row.values(), key)  # noqa: S608

    def next_number(self, name: str) -> str:
        """Draw the next number of a range. Gaps arise when the transaction fails."""
        with self.transaction():
            row = self.one("SELECT next FROM number_range WHERE name = ?", name)
            number = row["next"] if row else NUMBER_RANGES[name][0]
            self.execute("INSERT OR REPLACE INTO number_range VALUES (?, ?)", name, number + 1)
        return str(number).zfill(NUMBER_RANGES[name][1])

    def meta(self, name: str) -> str | None:
        """Return a fact about the book."""
        row = self.one("SELECT value FROM meta WHERE name = ?", name)
        return row["value"] if row else None

    def set_meta(self, name: str, value: str) -> None:
        """Note a fact about the book."""
        self.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole book to `path`."""
        path.unlink(missing_ok=True)
        with self._writing:
            copy = sqlite3.connect(path)
            try:
                self._connect().backup(copy)
            finally:
                copy.close()

    def restore_from(self, path: Path, *, keep_numbers: bool) -> None:
        """Make the book what it was when `path` was copied.

        With `keep_numbers` the number ranges and the change log go on: what was numbered since is
        gone, but its numbers are not given to something else, and the log says that it is gone.
        Without, both begin again.
        """
        with self._writing:
            ranges = self.all("SELECT name, next FROM number_range") if keep_numbers else []
            log = self.all("SELECT * FROM change_log ORDER BY seq") if keep_numbers else []
            log_id = self.meta("change_log_id") if keep_numbers else None
            copy = sqlite3.connect(path)
            try:
                copy.backup(self._connect())
            finally:
                copy.close()
            self._complete()
            if log_id:
                self.set_meta("change_log_id", log_id)
            self.keep_change_log()
            with self.transaction():
                for row in ranges:
                    self.execute(
                        "UPDATE number_range SET next = ? WHERE name = ?", row["next"], row["name"]
                    )
                if log:
                    self.insert_many("change_log", tuple(log[0]), log)
                    self._log_restored()

    def _log_restored(self) -> None:
        """Log everything that was changed before as changed back, or as gone."""
        touched = self.all(
            "SELECT source, key, max(version) AS version FROM change_log GROUP BY source, key"
        )
        for row in touched:
            table = "contract_account" if row["source"] == FINANCIAL_SOURCE else row["source"]
            found = self.one(f"SELECT id FROM {table} WHERE id = ?", row["key"])  # noqa: S608
            self.execute(
                "INSERT INTO change_log (source, key, version, at, by, deleted)"
                " VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?)",
                row["source"],
                row["key"],
                row["version"] + 1,
                NOBODY,
                int(found is None),
            )

    def close(self) -> None:
        """Close this thread's connection."""
        self._connect().close()
        self._local.connection = None
