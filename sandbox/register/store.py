"""What one client's register remembers: SQLite, with a log that a `kill -9` does not hurt."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]
TABLES = """
CREATE TABLE IF NOT EXISTS message (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, kind TEXT NOT NULL,
  external_id TEXT NOT NULL, told TEXT NOT NULL, received_at TEXT NOT NULL, state TEXT NOT NULL,
  objections TEXT NOT NULL, answer TEXT, receipt TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS supply (
  seq INTEGER PRIMARY KEY, external_id TEXT NOT NULL, supplier TEXT NOT NULL,
  starts_on TEXT NOT NULL, ends_on TEXT, claim_id TEXT NOT NULL, correlation_id TEXT NOT NULL,
  customer TEXT NOT NULL, contract_number TEXT NOT NULL, ended_by TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS supply_of_place ON supply (external_id);
CREATE TABLE IF NOT EXISTS known (external_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS notice (
  id TEXT PRIMARY KEY, external_id TEXT NOT NULL, ends_on TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change (
  seq INTEGER PRIMARY KEY, external_id TEXT NOT NULL, patch TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS change_of_place ON change (external_id);
CREATE TABLE IF NOT EXISTS queue (
  seq INTEGER PRIMARY KEY, position REAL NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL,
  due REAL NOT NULL);
CREATE INDEX IF NOT EXISTS queue_order ON queue (position);
"""
NAMES = ("message", "supply", "known", "notice", "change", "queue")


class Store:
    """Reads and writes rows; one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(TABLES)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written inside, all or nothing; may be nested."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Return rows."""
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> Row | None:
        """Return the first row, if any."""
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def execute(self, sql: str, *values: Any) -> int:
        """Write, and return how many rows that touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """Add a row; lists and dicts become JSON."""
        marks = ", ".join("?" for _ in values)
        self.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
            *(
                to_json(value) if isinstance(value, dict | list) else value
                for value in values.values()
            ),
        )

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for name in NAMES:
                self.execute(f"DELETE FROM {name}")  # noqa: S608 - constants above


def to_json(value: Any) -> str:
    """Return the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
