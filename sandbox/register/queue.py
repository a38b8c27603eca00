"""What waits for a supplier: documents in the order in which they are to be read."""

import json
import time
from typing import Any

from sandbox.faults import Fault, Faults
from sandbox.register.store import Store

Event = dict[str, Any]


class Settings:
    """Shared by all clients: `delay` is how long an answer takes to reach the queue (seconds)."""

    def __init__(self, delay: float, faults: Faults) -> None:
        self.delay = delay
        self.faults = faults


class Queue:
    """One client's queue; reading takes nothing off."""

    def __init__(self, store: Store, settings: Settings, client: str) -> None:
        self._store = store
        self._settings = settings
        self._client = client

    def head(self, size: int) -> list[Event]:
        """Return the documents at the head of the queue; they stay there."""
        rows = self._store.all(
            "SELECT event FROM queue WHERE due <= ? ORDER BY position LIMIT ?", time.time(), size
        )
        return [json.loads(row["event"]) for row in rows]

    def first(self, *, measured: bool) -> Event | None:
        """Return the first document with measured values, or the first of all others."""
        row = self._store.one(
            "SELECT event FROM queue WHERE due <= ?"
            " AND (json_extract(event, '$.kind') = 'MEASURED') = ? ORDER BY position LIMIT 1",
            time.time(),
            measured,
        )
        return json.loads(row["event"]) if row else None

    def drop(self, size: int) -> int:
        """Take so many documents off the head."""
        return self._store.execute(
            "DELETE FROM queue WHERE seq IN (SELECT seq FROM queue WHERE due <= ?"
            " ORDER BY position LIMIT ?)",
            time.time(),
            size,
        )

    def drop_one(self, event_id: str) -> bool:
        """Take a document off the queue by its id."""
        sql = "DELETE FROM queue WHERE seq = (SELECT min(seq) FROM queue WHERE id = ?)"
        return self._store.execute(sql, event_id) > 0

    def announce(self, event: Event, *, delay: float | None = None) -> None:
        """Put a document at the end of the queue, visible after the delay (seconds)."""
        wait = self._settings.delay if delay is None else delay
        if late := self._fires("late_answer"):
            wait += late.seconds
        row = self._store.one("SELECT coalesce(max(position), 0) + 1 AS next FROM queue")
        position = row["next"] if row else 1
        if self._fires("reordered_queue"):
            position -= 1.5
        for _copy in range(2 if self._fires("duplicate_delivery") else 1):
            self._store.insert(
                "queue",
                position=position,
                id=event["message_id"],
                event=event,
                due=time.time() + wait,
            )

    def _fires(self, kind: str) -> Fault | None:
        return self._settings.faults.fires(kind, operation="queue", client=self._client)

    def waiting(self) -> list[Event]:
        """Return what is in the queue, due or not."""
        rows = self._store.all("SELECT event FROM queue ORDER BY position")
        return [json.loads(row["event"]) for row in rows]
