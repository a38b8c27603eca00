"""The suppliers that the register knows: one for each client of the sandbox ERP."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sandbox.erp.clients import CLIENTS

NAME = "Sandbox Register"
NUMBER = "5790001330552"
"""The register's own GLN."""

ZONES = {
    "GB": ZoneInfo("Europe/London"),
    "DE": ZoneInfo("Europe/Berlin"),
    "ES": ZoneInfo("Europe/Madrid"),
    "DK": ZoneInfo("Europe/Copenhagen"),
}
_NUMBERS = {
    "unified": "5013546000019",
    "nordlicht": "4033872000010",
    "ribera": "8480015000011",
    "havn": "5790002500015",
}


@dataclass(frozen=True)
class Party:
    """A supplier in the market: its GLN, and the GUID that a switching platform made of it."""

    code: str
    name: str
    country: str
    number: str

    def today(self) -> date:
        """Return the day it is in this market."""
        return datetime.now(ZONES[self.country]).date()

    @property
    def guid(self) -> str:
        """The id on the switching platform."""
        return guid(self.number)


def guid(number: str) -> str:
    """Return the switching platform's id of a party, of a network operator too."""
    return str(uuid5(NAMESPACE_URL, f"urn:market:party:{number}"))


PARTIES = {
    client.code: Party(client.code, client.name, client.country, _NUMBERS[client.code])
    for client in CLIENTS.values()
}
"""Suppliers by the code of their client."""
