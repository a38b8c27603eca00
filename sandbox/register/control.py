"""The control API: what tests and scripts ask of the register. No credentials; loopback only."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox.faults import Faults
from sandbox.http import Request, Response, Server, json_response
from sandbox.register import acts
from sandbox.register.hub import Hub
from sandbox.register.queue import Settings


class BadControl(ValueError):
    """Raised when a control request makes no sense."""


class Control:
    """Answers `/control/...`."""

    def __init__(self, hubs: dict[str, Hub], settings: Settings, faults: Faults) -> None:
        self._hubs = hubs
        self._settings = settings
        self._faults = faults
        self.server: Server | None = None
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda _request: {"ok": True, "clients": sorted(hubs)},
            ("GET", "ledger"): self._ledger,
            ("GET", "queue"): self._queue,
            ("GET", "places"): self._places,
            ("POST", "act"): self._act,
            ("GET", "faults"): lambda _request: faults.listing(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "reset"): self._reset,
            ("GET", "settings"): lambda _request: {"delay": settings.delay},
            ("POST", "settings"): self._set,
        }

    def answer(self, request: Request) -> Response:
        """Answer one call; the path begins with /control/."""
        name = request.path.removeprefix("/control/").strip("/")
        route = self._routes.get((request.method, name))
        if route is None:
            return json_response({"error": f"no {request.method} /control/{name}"}, 404)
        try:
            return json_response(route(request))
        except ValueError as error:
            return json_response({"error": str(error)}, 400)

    def _chosen(self, request: Request) -> list[Hub]:
        code = request.query.get("client")
        if code is None:
            return list(self._hubs.values())
        return [self._hub(code)]

    def _hub(self, code: str) -> Hub:
        if code not in self._hubs:
            raise BadControl(f"no client {code}")
        return self._hubs[code]

    def _ledger(self, request: Request) -> Any:
        return [entry for hub in self._chosen(request) for entry in hub.ledger()]

    def _queue(self, request: Request) -> Any:
        return [
            {"client": hub.party.code, **event}
            for hub in self._chosen(request)
            for event in hub.queue.waiting()
        ]

    def _places(self, request: Request) -> Any:
        """Tell what is known of an identifier: `?client=&division=&place=`."""
        hub = self._hub(request.query.get("client", ""))
        division = request.query.get("division", "ELECTRICITY")
        code = request.query.get("place", "")
        found = hub.book.places(division, code)
        for place in found[:1]:
            hub.book.remember(place)
        return [
            {
                **asdict(place),
                "supplies": [
                    {name: row[name] for name in ("supplier", "starts_on", "ends_on", "claim_id")}
                    for row in hub.book.supplies(code)
                ],
            }
            for place in found
        ]

    def _act(self, request: Request) -> Any:
        """Let a competitor or a network operator do something; one wish, or a list."""
        wishes = request.json()
        several = isinstance(wishes, list)
        done = [
            acts.act(self._hub(wish.get("client") or request.query.get("client") or ""), wish)
            for wish in (wishes if several else [wishes])
        ]
        return done if several else done[0]

    def _add_faults(self, request: Request) -> Any:
        for fault in self._faults.add(request.json()):
            closes = fault.kind == "refuse_connection" and fault.duration_seconds
            if closes and not fault.client and self.server is not None:
                # Later, so that this answer still gets out.
                threading.Timer(0.1, self.server.refuse_for, (fault.duration_seconds,)).start()
        return self._faults.listing()

    def _clear_faults(self, _request: Request) -> Any:
        self._faults.clear()
        return []

    def _reset(self, request: Request) -> Any:
        self._faults.clear()
        for hub in self._chosen(request):
            hub.store.clear()
        return {"ok": True}

    def _set(self, request: Request) -> Any:
        self._settings.delay = max(0.0, float(request.json().get("delay", self._settings.delay)))
        return {"delay": self._settings.delay}
