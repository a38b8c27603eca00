"""The control API: what tests and scripts ask of the sandbox ERP. No credentials; loopback only."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from sandbox.erp import clerks, invoicing
from sandbox.erp.engine import Engine
from sandbox.erp.settings import Settings
from sandbox.faults import Faults, InvalidFault
from sandbox.http import Request, Response, Server, json_response


class BadControl(ValueError):
    """Raised when a control request makes no sense."""


class Control:
    """Answers `/control/...`."""

    def __init__(self, engines: dict[str, Engine], settings: Settings, faults: Faults) -> None:
        self.engines = engines
        self.settings = settings
        self.faults = faults
        self.server: Server | None = None
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): self._health,
            ("GET", "ledger"): self._ledger,
            ("GET", "outgoing"): self._outgoing,
            ("GET", "people"): self._people,
            ("GET", "faults"): lambda _request: self.faults.listing(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "faults/clear"): self._clear_faults,
            ("POST", "reset"): self._reset,
            ("POST", "keep"): self._keep,
            ("GET", "settings"): self._settings,
            ("POST", "settings"): self._set,
            ("POST", "callback"): self._set,
            ("POST", "office"): self._office,
            ("GET", "changes"): self._changes,
            ("POST", "invoice_run"): self._invoice_run,
            ("GET", "invoice_runs"): self._invoice_runs,
            ("GET", "invoice_file"): self._invoice_file,
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

    def _chosen(self, request: Request) -> list[Engine]:
        code = request.query.get("client")
        if code is None:
            return list(self.engines.values())
        if code not in self.engines:
            raise BadControl(f"no client {code}")
        return [self.engines[code]]

    def _health(self, _request: Request) -> Any:
        return {
            "ok": True,
            "faults": sorted(self.faults.kinds),
            "callback": self.settings.callback,
            "step_delay": self.settings.step_delay,
            "clients": {
                code: "ready" if engine.ready else "making the book"
                for code, engine in self.engines.items()
            },
        }

    def _ledger(self, request: Request) -> Any:
        return [
            {
                "id": row["uuid"],
                "client": engine.client.code,
                "kind": row["kind"],
                "object_type": row["object_type"],
                "external_reference": row["external_reference"],
                "erp_number": row["erp_number"],
                "time": row["received_at"],
                "processed_at": row["processed_at"],
                "state": row["state"],
                "effect": row["effect"],
                "log": (row["log"] or {}).get("Item", []),
                **({"body": row["body"].decode()} if "bodies" in request.query else {}),
            }
            for engine in self._chosen(request)
            for row in engine.office.store.all("SELECT * FROM message ORDER BY seq")
        ]

    def _outgoing(self, request: Request) -> Any:
        columns = "uuid, kind, ordering_key, reference_uuid, created_at, attempts, sent_at"
        return [
            {"client": engine.client.code, **row}
            for engine in self._chosen(request)
            for row in engine.office.store.all(
                f"SELECT {columns}, last_error FROM outgoing ORDER BY seq"  # noqa: S608
            )
        ]

    def _people(self, request: Request) -> Any:
        return {engine.client.code: engine.people() for engine in self._chosen(request)}

    def _add_faults(self, request: Request) -> Any:
        try:
            faults = self.faults.add(request.json())
        except InvalidFault as error:
            raise BadControl(str(error)) from None
        for fault in faults:
            certain = fault.probability >= 1 and not (fault.every or fault.times)
            everybody = not (fault.operation or fault.client)
            refuses = fault.kind == "refuse_connection" and fault.duration_seconds
            if refuses and certain and everybody and self.server is not None:
                # Later, so that this answer still gets out.
                threading.Timer(0.1, self.server.refuse_for, (fault.duration_seconds,)).start()
        return self.faults.listing()

    def _clear_faults(self, request: Request) -> Any:
        client = request.query.get("client", "")
        self.faults.clear(client)
        if self.server is not None and not client:
            self.server.accept_again()
        return []

    def _reset(self, request: Request) -> Any:
        wanted = request.json()
        self.faults.clear()
        if self.server is not None:
            self.server.accept_again()
        for engine in self._chosen(request):
            engine.reset(
                book=bool(wanted.get("book")),
                first_day=bool(wanted.get("first_day")),
                kept=str(wanted.get("kept", "")),
            )
        return {"ok": True}

    def _keep(self, request: Request) -> Any:
        for engine in self._chosen(request):
            engine.keep(str(request.json().get("name", "")))
        return {"ok": True}

    def _set(self, request: Request) -> Any:
        wanted = request.json()
        if "step_delay" in wanted:
            self.settings.step_delay = max(0.0, float(wanted["step_delay"]))
        if callback := wanted.get("callback") or wanted.get("url"):
            if urlsplit(callback).scheme not in {"http", "https"}:
                raise BadControl("callback must be an http(s) URL")
            self.settings.callback = callback
        for engine in self.engines.values():
            if engine.ready:
                engine.office.store.execute("UPDATE outgoing SET due = 0 WHERE sent_at IS NULL")
                engine.wake()
        return self._settings(request)

    def _office(self, request: Request) -> Any:
        """Let a clerk of one client's back office work; one wish, or a list."""
        wishes = request.json()
        several = isinstance(wishes, list)
        done = []
        for wish in wishes if several else [wishes]:
            code = wish.get("client") or request.query.get("client") or ""
            if code not in self.engines:
                raise BadControl(f"no client {code}")
            try:
                done.append(clerks.act(self.engines[code].office, wish))
            except KeyError as error:
                raise BadControl(f"{error} is missing") from None
        return done if several else done[0]

    def _changes(self, request: Request) -> Any:
        return [
            {"client": engine.client.code, **row}
            for engine in self._chosen(request)
            for row in engine.office.store.all("SELECT * FROM change_log ORDER BY seq")
        ]

    def _invoice_run(self, request: Request) -> Any:
        """Make the invoices of a month, once."""
        wish = request.json()
        code = wish.get("client") or request.query.get("client") or ""
        if code not in self.engines:
            raise BadControl(f"no client {code}")
        return invoicing.make_run(self.engines[code].office, wish)

    def _invoice_runs(self, request: Request) -> Any:
        return [
            {"client": engine.client.code, **run}
            for engine in self._chosen(request)
            for run in invoicing.made_runs(engine.office)
        ]

    def _invoice_file(self, request: Request) -> Any:
        """Return what the print company is given: every invoice of a run, with its addressee."""
        (engine, *_others) = self._chosen(request)
        return invoicing.print_file(engine.office, request.query.get("run", ""))

    def _settings(self, _request: Request) -> Any:
        return {"callback": self.settings.callback, "step_delay": self.settings.step_delay}
