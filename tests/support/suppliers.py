"""The sandbox suppliers, in the tests' own process but behind a real socket."""

from __future__ import annotations

from typing import Any

from sandbox.faults import Faults
from sandbox.http import Server
from sandbox.suppliers.desk import Desk
from sandbox.suppliers.service import KINDS, Service
from utilcrm import clock


class Suppliers:
    """The stand-in of both, in this process but behind a real socket."""

    def __init__(self) -> None:
        self.desk, self.faults = Desk(today=clock.today), Faults(KINDS)
        service = Service(self.desk, self.faults, user="buyer", password="buyer-secret")
        self.server = Server(service, port=0)
        self.port = self.server.start()

    def url(self, channel: str) -> str:
        """Return where one of them takes reports."""
        tail = {"SOAP": "soap/unified/forecast", "REST": "rest/unified/forecasts"}[channel]
        return f"http://127.0.0.1:{self.port}/{tail}"

    def taken(self) -> list[dict[str, Any]]:
        """Return what was really taken."""
        return [entry for entry in self.desk.listing() if entry["receipt"]]
