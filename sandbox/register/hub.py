"""One client's register: takes what the supplier tells, and answers by its queue."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox.register import rules
from sandbox.register.book import Book
from sandbox.register.clients import Party
from sandbox.register.places import OURS, Places
from sandbox.register.queue import Queue, Settings
from sandbox.register.store import Row, Store, to_json
from sandbox.register.told import (
    CLAIM,
    CUT,
    END,
    METER,
    NOTICE,
    NOTICE_BACK,
    RESTORED,
    WITHDRAWAL,
    Refused,
    Told,
)


class Hub:
    """The register as one supplier sees it."""

    def __init__(
        self,
        party: Party,
        folder: Path,
        *,
        book: Path | None,
        settings: Settings,
        today: Callable[[], date],
    ) -> None:
        self.party = party
        self.store = Store(folder / f"{party.code}.sqlite")
        self.book = Book(self.store, Places(party, book), today)
        self.queue = Queue(self.store, settings, party.code)
        self._effects: dict[str, Callable[[Told], None]] = {
            CLAIM: self._claim,
            WITHDRAWAL: self._withdraw,
            NOTICE: self._notice,
            NOTICE_BACK: self._notice_back,
            END: self._end,
            CUT: self._cut,
            RESTORED: self._restore,
            METER: self._meter,
        }

    # What the supplier does

    def take(self, told: Told) -> str:
        """
        Take a message and answer by the queue; return the receipt, the same for the same message.

        Raises Refused when its id was used for another message before.
        """
        digest = hashlib.sha256(to_json(told.as_dict()).encode()).hexdigest()
        with self.store.transaction():
            before = self.store.one("SELECT * FROM message WHERE id = ?", told.message_id)
            if before is not None:
                if before["digest"] != digest:
                    raise Refused("MESSAGE_ID_REUSED", "the id was used before", status=409)
                return str(before["receipt"])
            words = rules.objections(told, self._facts(told))
            if not words and told.kind in self._effects:
                self._effects[told.kind](told)
            answer = self._answer(told, words)
            receipt = str(uuid4())
            self.store.insert(
                "message",
                id=told.message_id,
                digest=digest,
                kind=told.kind,
                external_id=told.external_id,
                told=told.as_dict(),
                received_at=datetime.now(UTC).isoformat(),
                state="REJECTED" if words else "ACCEPTED",
                objections=words,
                answer=answer,
                receipt=receipt,
            )
            self.queue.announce(answer)
            return receipt

    def message(self, message_id: str) -> Row | None:
        """Return a message that was taken, with its answer once that has reached the queue."""
        row = self.store.one("SELECT * FROM message WHERE id = ?", message_id)
        if row is None:
            return None
        answer = json.loads(row["answer"])
        waiting = self.store.one("SELECT due FROM queue WHERE id = ?", answer["message_id"])
        is_out = waiting is None or waiting["due"] <= time.time()
        return {**row, "answer": answer if is_out else None}

    def refused(self) -> list[Row]:
        """Return the messages that were rejected, the latest first."""
        return self.store.all("SELECT * FROM message WHERE state = 'REJECTED' ORDER BY seq DESC")

    def objections(self, told: Told) -> list[str]:
        """Return what a message would be rejected for; nothing happens."""
        return rules.objections(told, self._facts(told))

    def event(self, kind: str, place_id: str, division: str, **values: Any) -> dict[str, Any]:
        """Return a document for the queue with an id of its own."""
        return {
            "kind": kind,
            "message_id": str(uuid4()),
            "correlation_id": str(uuid4()),
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "external_id": place_id,
            "division": division,
            "reference": "",
            **values,
        }

    # What a message does

    def _facts(self, told: Told) -> rules.Facts:
        places = self.book.places(told.division, told.external_id)
        if len(places) > 1 and told.postcode:
            places = [it for it in places if it.postcode == told.postcode] or places
        if len(places) == 1:
            self.book.remember(places[0])
        live = self.store.all(
            "SELECT id FROM notice WHERE external_id = ? AND state = 'LIVE'", told.external_id
        )
        return rules.Facts(
            places,
            self.book.supplies(told.external_id),
            {row["id"] for row in live},
            self.book.today(),
        )

    def _answer(self, told: Told, words: list[str]) -> dict[str, Any]:
        kind = "REJECTED" if words else "CONFIRMED" if told.kind == CLAIM else "ACCEPTED"
        places = self.book.places(told.division, told.external_id)
        return self.event(
            kind,
            told.external_id,
            told.division,
            place=asdict(places[0]) if places else None,
            correlation_id=told.correlation_id,
            reference=told.message_id,
            answers=told.kind,
            transaction=told.transaction,
            day=told.day.isoformat(),
            contract_number=told.contract_number,
            objections=[{"code": word, "text": rules.TEXTS[word]} for word in words],
        )

    def _claim(self, told: Told) -> None:
        self.book.end(told.external_id, told.day, by=told.message_id)
        self.book.begin(told.external_id, OURS, told.day, told=told)

    def _withdraw(self, told: Told) -> None:
        self.store.execute("DELETE FROM supply WHERE claim_id = ?", told.reference)
        self.store.execute(
            "UPDATE supply SET ends_on = NULL, ended_by = '' WHERE ended_by = ?", told.reference
        )

    def _notice(self, told: Told) -> None:
        self.store.insert(
            "notice",
            id=told.message_id,
            external_id=told.external_id,
            ends_on=told.day.isoformat(),
            state="LIVE",
        )

    def _notice_back(self, told: Told) -> None:
        self.store.execute("UPDATE notice SET state = 'BACK' WHERE id = ?", told.reference)

    def _end(self, told: Told) -> None:
        later = any(
            row["starts_on"] >= told.day.isoformat() for row in self.book.supplies(told.external_id)
        )
        if not later:
            self.book.end(told.external_id, told.day, by=told.message_id)

    def _cut(self, told: Told) -> None:
        self.book.patch(told.external_id, state="DISCONNECTED")

    def _restore(self, told: Told) -> None:
        self.book.patch(told.external_id, state="CONNECTED")

    def _meter(self, told: Told) -> None:
        if told.serial:
            self.book.patch(told.external_id, serial=told.serial)

    # Control

    def ledger(self) -> list[Row]:
        """Return every message that was taken, once each."""
        return [
            {
                "id": row["id"],
                "client": self.party.code,
                "kind": row["kind"],
                "external_id": row["external_id"],
                "time": row["received_at"],
                "state": row["state"],
                "objections": json.loads(row["objections"]),
                "told": json.loads(row["told"]),
            }
            for row in self.store.all("SELECT * FROM message ORDER BY seq")
        ]
