"""Destinations and routes: the shapes of ``utilcrm.event_routes`` and the door to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from events.services.handling import Handler


class UnknownDestination(LookupError):
    """No destination of that name is wired."""


@dataclass(frozen=True)
class Destination:
    """
    Where messages go.

    ``local`` handlers work inside the finishing transaction. Times are seconds: ``lease`` must
    exceed the longest attempt; ``quiet`` must exceed the other side's longest run plus clock
    skew; ``confirm_after`` is how long a taken message may stay unconfirmed before we ask.
    ``parallel`` bounds the attempts at one time per tenant. ``label`` is what people call it.
    Somebody is told when a message has been failing, or a destination has been away, for
    ``troubled_after``, or when more than ``deep_at`` messages wait.
    """

    name: str
    handler: str
    local: bool = False
    queue: str = "default"
    confirm_after: float = 60
    quiet: float = 30
    lease: float = 90
    parallel: int = 4
    backoff_base: float = 5
    backoff_cap: float = 900
    probe_every: float = 5
    failures_to_open: int = 3
    give_up_after: float = 24 * 3600
    label: Any = ""
    troubled_after: float = 900
    deep_at: int = 10_000

    def make_handler(self) -> Handler:
        """Return a new handler."""
        handler: Handler = import_string(self.handler)()
        return handler


@dataclass(frozen=True)
class Route:
    """One consequence of an event: a message of ``kind`` in a lane of ``destination``."""

    destination: str
    kind: str
    ordering_key: str = "account:{account_uuid}"

    def lane_for(self, payload: Mapping[str, Any]) -> str:
        """
        Return the ordering key for an event.

        :raises KeyError: if the event does not carry what the key is made of
        """
        return self.ordering_key.format_map(payload)


def routes_for(event_name: str) -> tuple[Route, ...]:
    """Return what an event causes."""
    routes: Mapping[str, tuple[Route, ...]] = _wiring().ROUTES
    return routes.get(event_name, ())


def destination_named(name: str) -> Destination:
    """
    Return a destination, with the times of ``settings.OUTBOX_TIMING`` over its own.

    :raises UnknownDestination: if nothing of that name is wired
    """
    destinations: Mapping[str, Destination] = _wiring().DESTINATIONS
    try:
        found = destinations[name]
    except KeyError as exc:
        raise UnknownDestination(name) from exc
    changed = getattr(settings, "OUTBOX_TIMING", {}).get(name)
    return replace(found, **changed) if changed else found


def all_destinations() -> list[Destination]:
    """Return every destination that is wired."""
    return [destination_named(name) for name in _wiring().DESTINATIONS]


def seconds(value: float) -> dt.timedelta:
    """Return a number of seconds as a duration."""
    return dt.timedelta(seconds=value)


def _wiring() -> Any:
    # The wiring lies above every app, so it is reached by name and not by import.
    return import_module(getattr(settings, "EVENT_ROUTES", "utilcrm.event_routes"))
