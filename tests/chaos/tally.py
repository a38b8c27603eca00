"""What a crowd of agents did, saw and how long it took."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from tests.chaos.people import letters

MARK = "Zz"
"""How the surnames of the crowd's customers begin, and no other word."""


@dataclass(frozen=True)
class Customer:
    """A customer whose surname nobody else has."""

    uuid: str
    surname: str
    phone: str


@dataclass
class Noted:
    """What an agent has typed in one contact, as far as the server has said that it has it."""

    customer: Customer
    pad: str = ""
    notes: str | None = None


@dataclass
class Tally:
    """What everybody saw."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    troubles: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, kind: str, took: float) -> None:
        with self.lock:
            self.milliseconds[kind].append(took)

    def trouble(self, text: str) -> None:
        with self.lock:
            self.troubles.append(text)

    def stranger(self, text: str) -> None:
        with self.lock:
            self.strangers.append(text)

    @property
    def all(self) -> list[float]:
        """Every answer but those of the poll, the fastest first (ms)."""
        return sorted(
            one
            for kind, some in self.milliseconds.items()
            if kind not in {"poll", "tried again"}
            for one in some
        )

    def __str__(self) -> str:
        pages, polls = self.all, sorted(self.milliseconds["poll"])
        worst = sorted(self.milliseconds.items(), key=lambda one: -_share(one[1], 0.95))[:5]
        return (
            f"{len(pages)} requests, p50 {_share(pages, 0.5):.0f} ms, p95 "
            f"{_share(pages, 0.95):.0f} ms, max {_share(pages, 1):.0f} ms; {len(polls)} polls, p95 "
            f"{_share(polls, 0.95):.0f} ms; tried again {len(self.milliseconds['tried again'])}; "
            f"errors {len(self.troubles)}, screens of others "
            f"{len(self.strangers)}; slowest at p95: "
            + ", ".join(f"{kind} {_share(some, 0.95):.0f} ms" for kind, some in worst)
        )


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def marked(number: int) -> str:
    """Return a surname that is nobody else's, and like nobody else's."""
    return MARK + letters(number).lower()
