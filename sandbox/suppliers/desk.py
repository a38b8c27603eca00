"""A supplier's forecast desk: what it takes, what it refuses, and what it has in its books."""

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

GROUPS = {"HOUSEHOLD", "BUSINESS"}
COMMODITIES = {"POWER", "GAS"}
MONTHS_AROUND = 2
"""A forecast may be for a month that lies no further from the present one."""


class Refused(Exception):
    """A forecast that the supplier does not take."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass
class Entry:
    """One message in the books of one supplier's client; refused ones have no receipt."""

    supplier: str
    client: str
    message_id: str
    digest: str
    period: str
    revision: int
    receipt: str
    code: str
    text: str
    content: dict[str, Any]
    at: str
    repeats: int = 0


@dataclass
class Desk:
    """The books of both suppliers, kept in a file of one line a message; safe in all threads."""

    ledger: Path | None = None
    today: Callable[[], dt.date] = dt.date.today
    agreements: set[str] = field(default_factory=set)
    """If set, forecasts under any other agreement are refused."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, str, str], Entry] = {}
        self._taken = 0
        if self.ledger is not None and self.ledger.exists():
            for line in self.ledger.read_text().splitlines():
                self._keep(Entry(**json.loads(line)))

    def take(self, supplier: str, client: str, message_id: str, content: dict[str, Any]) -> Entry:
        """
        Take a forecast once: the same message again gives the entry that is there.

        :raises Refused: if the supplier does not take it, now or at its first coming
        """
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        with self._lock:
            known = self._entries.get((supplier, client, message_id))
            if known is not None:
                if known.digest != digest:
                    raise Refused("ID_REUSED", f"{message_id} was used for another forecast")
                known.repeats += 1
                return self._answer(known)
            code = text = receipt = ""
            try:
                self._check(supplier, client, content)
            except Refused as refusal:
                code, text = refusal.code, refusal.text
            else:
                receipt = f"{supplier.upper()}-{self._taken + 1:06d}"
            entry = Entry(
                supplier=supplier,
                client=client,
                message_id=message_id,
                digest=digest,
                period=content["period"],
                revision=content["revision"],
                receipt=receipt,
                code=code,
                text=text,
                content=content,
                at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            )
            self._keep(entry)
            if self.ledger is not None:
                self.ledger.parent.mkdir(parents=True, exist_ok=True)
                with self.ledger.open("a") as file:
                    file.write(json.dumps(asdict(entry)) + "\n")
            return self._answer(entry)

    def find(self, supplier: str, client: str, message_id: str) -> Entry | None:
        """Return what is in the books under an id."""
        with self._lock:
            return self._entries.get((supplier, client, message_id))

    def listing(self) -> list[dict[str, Any]]:
        """Return the books, the oldest first."""
        with self._lock:
            return [asdict(entry) for entry in self._entries.values()]

    def reset(self) -> None:
        """Begin with empty books."""
        with self._lock:
            self._entries.clear()
            self._taken = 0
            self.agreements.clear()
            if self.ledger is not None:
                self.ledger.unlink(missing_ok=True)

    def _keep(self, entry: Entry) -> None:
        self._entries[entry.supplier, entry.client, entry.message_id] = entry
        self._taken += bool(entry.receipt)

    @staticmethod
    def _answer(entry: Entry) -> Entry:
        if entry.code:
            raise Refused(entry.code, entry.text)
        return entry

    def _check(self, supplier: str, client: str, content: dict[str, Any]) -> None:
        today = self.today()
        period = dt.date.fromisoformat(content["period"] + "-01")
        if abs((period.year - today.year) * 12 + period.month - today.month) > MONTHS_AROUND:
            raise Refused("PERIOD_CLOSED", f"forecasts for {content['period']} are not taken now")
        taken = [
            entry.revision
            for entry in self._entries.values()
            if (entry.supplier, entry.client, entry.period) == (supplier, client, content["period"])
            and entry.receipt
        ]
        if taken and content["revision"] <= max(taken):
            raise Refused("REVISION_TOO_LOW", f"revision {max(taken)} was taken already")
        if not content["lines"]:
            raise Refused("NO_LINES", "the forecast is empty")
        for line in content["lines"]:
            if self.agreements and line["agreement"] not in self.agreements:
                raise Refused("AGREEMENT_UNKNOWN", f"no agreement {line['agreement']} with you")
            if line["month"] < content["period"]:
                raise Refused("MONTH_OVER", f"{line['month']} lies before {content['period']}")
