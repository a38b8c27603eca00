"""What one client's register knows of places and of who supplies them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox.register import rules
from sandbox.register.places import Place, Places
from sandbox.register.store import Row, Store
from sandbox.register.told import Told


class Book:
    """Places as the operators described them last, and supplies, of which one is on at a time."""

    def __init__(self, store: Store, places: Places, today: Callable[[], date]) -> None:
        self.today = today
        self._store = store
        self._places = places

    def places(self, division: str, external_id: str) -> list[Place]:
        """Return the places of an identifier as they are now."""
        found = self._places.find(division, external_id, self.today())
        patches = self._store.all(
            "SELECT patch FROM change WHERE external_id = ? ORDER BY seq", external_id
        )
        for row in patches:
            found = [place.changed(json.loads(row["patch"])) for place in found]
        return found

    def supplies(self, external_id: str) -> list[Row]:
        """Return who supplies a place from when, the latest last."""
        return self._store.all(
            "SELECT * FROM supply WHERE external_id = ? ORDER BY starts_on, seq", external_id
        )

    def supplier_of(self, place: Place) -> str:
        """Return who supplies a place today, empty if nobody does."""
        self.remember(place)
        facts = rules.Facts([place], self.supplies(place.external_id), set(), self.today())
        row = facts.supply_on(self.today())
        return "" if row is None else str(row["supplier"])

    def remember(self, place: Place) -> None:
        """Write down who supplied a place before anything happened here."""
        with self._store.transaction():
            known = "INSERT OR IGNORE INTO known VALUES (?)"
            if not self._store.execute(known, place.external_id):
                return
            for supply in place.supplies:
                self.begin(
                    place.external_id,
                    supply.supplier,
                    supply.starts_on,
                    ends_on=supply.ends_on.isoformat() if supply.ends_on else None,
                )

    def begin(
        self,
        external_id: str,
        supplier: str,
        starts_on: date,
        *,
        ends_on: str | None = None,
        told: Told | None = None,
    ) -> None:
        """Write a supply down."""
        self._store.insert(
            "supply",
            external_id=external_id,
            supplier=supplier,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on,
            claim_id=told.message_id if told else "",
            correlation_id=told.correlation_id if told else "",
            customer=told.customer if told else "",
            contract_number=told.contract_number if told else "",
        )

    def end(self, external_id: str, day: date, *, by: str) -> None:
        """End what is supplied on a day with that day; a supply that began then never was."""
        text = day.isoformat()
        self._store.execute(
            "DELETE FROM supply WHERE external_id = ? AND starts_on >= ?", external_id, text
        )
        self._store.execute(
            "UPDATE supply SET ends_on = ?, ended_by = ? WHERE external_id = ?"
            " AND (ends_on IS NULL OR ends_on > ?)",
            text,
            by,
            external_id,
            text,
        )

    def patch(self, external_id: str, **values: Any) -> None:
        """Write down what is known better of a place from now on."""
        self._store.insert("change", external_id=external_id, patch=values)
