"""What is archived: one invoice for one token, kept in SQLite over restarts."""

import sqlite3
import threading
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

Row = dict[str, Any]
YEARS = 5
_COLUMNS = ("token", "client", "number", "month", "issued", "due", "amount", "currency", "name")


class Shelf:
    """The archive's books. Safe to use from all threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            f"CREATE TABLE IF NOT EXISTS copy ({', '.join(_COLUMNS)}, PRIMARY KEY (token))"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS copy_of ON copy (client, month, number)")

    def keep(self, copies: Iterable[Row]) -> None:
        """Archive copies."""
        marks = ", ".join(f":{column}" for column in _COLUMNS)
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany(f"INSERT OR REPLACE INTO copy VALUES ({marks})", copies)  # noqa: S608
            self._db.execute("COMMIT")

    def find(self, token: str) -> Row | None:
        """Return the copy of a token."""
        with self._lock:
            found = self._db.execute("SELECT * FROM copy WHERE token = ?", [token]).fetchone()
        return dict(found) if found else None

    def of_run(self, client: str, month: str) -> list[Row]:
        """Return the copies of a client's month, by number."""
        with self._lock:
            found = self._db.execute(
                "SELECT * FROM copy WHERE client = ? AND month = ? ORDER BY number, rowid",
                [client, month],
            ).fetchall()
        return [dict(row) for row in found]

    def count(self) -> int:
        """Return how many there are."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM copy").fetchone()[0])

    def clear(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._db.execute("DELETE FROM copy")


def is_over(copy: Row, today: date) -> bool:
    """Tell whether a copy's years are over."""
    issued = date.fromisoformat(copy["issued"])
    return (issued.year + YEARS, issued.month, issued.day) <= (today.year, today.month, today.day)
