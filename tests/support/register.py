"""The sandbox register in this process, behind a real socket."""

from __future__ import annotations

import datetime as dt
import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from market.choices import Codec
from market.gateway.contract import RegisterLogin
from sandbox.http import Request
from sandbox.register.__main__ import make
from sandbox.register.clients import NUMBER, PARTIES

TODAY = dt.date(2026, 11, 23)
PASSWORD = "register-secret"


class SandboxRegister:
    """A register of its own port and books."""

    def __init__(self, folder: Path, *, today: dt.date = TODAY) -> None:
        arguments = Namespace(
            port=0,
            host="127.0.0.1",
            data=folder,
            book=None,
            delay=0.0,
            today=today,
            password=PASSWORD,
        )
        self.server, self._control = make(arguments)
        self.port = self.server.start()

    def stop(self) -> None:
        """Stop listening."""
        self.server.stop()

    def login(self, codec: Codec, client: str = "", **changes: Any) -> RegisterLogin:
        """Return what a tenant needs to talk to it; the clients differ by market."""
        client = client or {Codec.POSF: "unified", Codec.CIM: "havn"}[codec]
        facts: dict[str, Any] = {
            "url": f"http://127.0.0.1:{self.port}/{codec.lower()}/{client}",
            "codec": codec,
            "party_id": PARTIES[client].number,
            "operator_id": NUMBER,
            "username": client,
            "password": PASSWORD,
            "connect_timeout": 1,
            "read_timeout": 5,
            "name": PARTIES[client].name,
        }
        return RegisterLogin(**{**facts, **changes})

    def control(self, method: str, name: str, body: Any = None, **query: str) -> Any:
        """Call the control API as a request would, without the wire."""
        request = Request(method, f"/control/{name}", query, {}, json.dumps(body or {}).encode())
        answer = self._control.answer(request)
        found = json.loads(answer.body)
        assert answer.status == 200, found
        return found

    def act(self, client: str, act: str, place: str, **wish: Any) -> dict[str, Any]:
        """Let a competitor or an operator do something."""
        done: dict[str, Any] = self.control(
            "POST", "act", {"client": client, "act": act, "place": place, **wish}
        )
        return done

    def fault(self, kind: str, **how: Any) -> None:
        """Misbehave from now on."""
        self.control("POST", "faults", {"kind": kind, **how})

    def ledger(self, client: str) -> list[dict[str, Any]]:
        """Return what it has taken from a client."""
        entries: list[dict[str, Any]] = self.control("GET", "ledger", client=client)
        return entries
