"""How a stand-in is told to misbehave: a list of faults, each with its own odds and life."""

import random
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any


class InvalidFault(ValueError):
    """Raised when a fault that was sent to the control API makes no sense."""


@dataclass
class Fault:
    """One way to misbehave.

    `every` n fires on each n-th matching call and wins over `probability`; `times` is how often it
    may fire at all; `duration_seconds` is how long it lives from when it was set; `operation`
    and `client` narrow it ("" matches all); `seconds` is the length of a delay.
    """

    kind: str
    probability: float = 1.0
    every: int = 0
    times: int = 0
    seconds: float = 1.0
    duration_seconds: float = 0.0
    operation: str = ""
    client: str = ""
    seen: int = 0
    fired: int = 0
    born: float = field(default_factory=time.monotonic)

    def matches(self, operation: str, client: str) -> bool:
        """Tell whether a call of `operation` in `client` is meant."""
        return self.operation in {"", operation} and self.client in {"", client}

    @property
    def over(self) -> bool:
        """Whether it has lived its time or fired as often as it may."""
        outlived = bool(self.duration_seconds) and (
            time.monotonic() - self.born > self.duration_seconds
        )
        return outlived or bool(self.times and self.fired >= self.times)


class Faults:
    """The faults of one stand-in. Safe to use from all threads."""

    def __init__(self, kinds: set[str], *, seed: int = 7) -> None:
        self.kinds = frozenset(kinds)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._random = random.Random(seed)

    def add(self, entries: Any) -> list[Fault]:
        """Add faults given as one dict or a list of dicts; return them.

        :raises InvalidFault: when a kind or a field is unknown or a number is out of range.
        """
        if isinstance(entries, dict):
            entries = entries.get("faults", [entries])
        if not isinstance(entries, list):
            raise InvalidFault("a list of faults is expected")
        faults = [self._parse(entry) for entry in entries]
        with self._lock:
            self._faults += faults
        return faults

    def _parse(self, entry: Any) -> Fault:
        numbers = {"probability": float, "every": int, "times": int, "seconds": float}
        numbers |= {"duration_seconds": float}
        if not isinstance(entry, dict) or entry.get("kind") not in self.kinds:
            raise InvalidFault(f"kind must be one of {', '.join(sorted(self.kinds))}")
        values: dict[str, Any] = {}
        for name, value in entry.items():
            if name in numbers:
                try:
                    values[name] = numbers[name](value)
                except (TypeError, ValueError):
                    raise InvalidFault(f"{name} must be a number") from None
                if values[name] < 0:
                    raise InvalidFault(f"{name} must not be negative")
            elif name in {"kind", "operation", "client"}:
                values[name] = str(value)
            else:
                raise InvalidFault(f"unknown field {name}")
        return Fault(**values)

    def fires(self, kind: str, *, operation: str = "", client: str = "") -> Fault | None:
        """Count one call, and return the fault of `kind` that strikes it, or None."""
        with self._lock:
            self._faults = [fault for fault in self._faults if not fault.over]
            struck = None
            for fault in self._faults:
                if fault.kind == kind and fault.matches(operation, client):
                    fault.seen += 1
                    if struck is None and self._strikes(fault):
                        fault.fired += 1
                        struck = fault
            return struck

    def _strikes(self, fault: Fault) -> bool:
        if fault.every:
            return fault.seen % fault.every == 0
        return self._random.random() < fault.probability

    def set_for(self, kind: str, *, client: str = "") -> bool:
        """Tell whether a fault of `kind` is set now, without counting a call."""
        with self._lock:
            return any(
                fault.kind == kind and not fault.over and fault.client in {"", client}
                for fault in self._faults
            )

    def clear(self, client: str = "") -> None:
        """Behave well again, towards one client or towards all."""
        with self._lock:
            self._faults = [fault for fault in self._faults if client and fault.client != client]

    def listing(self) -> list[dict[str, Any]]:
        """Return the living faults as plain dicts, with how often each was seen and fired."""
        with self._lock:
            living = [asdict(fault) for fault in self._faults if not fault.over]
        for entry in living:
            entry["age_seconds"] = round(time.monotonic() - entry.pop("born"), 1)
        return living
