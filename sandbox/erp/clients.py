"""The clients (Mandanten) of this ERP system, one for each retailer it bills for."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Client:
    """What is customised for one client."""

    code: str
    name: str
    country: str
    currency: str
    contract_model: str
    device_mode: str
    customers: int

    def today(self) -> date:
        """Return the day it is in its country."""
        return datetime.now(ZoneInfo(TIME_ZONES[self.country])).date()

    @property
    def info_records(self) -> bool:
        """Whether meters are device info records (True) or devices of plant maintenance."""
        return self.device_mode == "INFO_RECORD"

    @property
    def dual(self) -> bool:
        """Whether supply and grid usage are two contracts at one point of delivery."""
        return self.contract_model == "DUAL"


TIME_ZONES = {
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "DK": "Europe/Copenhagen",
}

CLIENTS: dict[str, Client] = {
    client.code: client
    for client in (
        Client("unified", "Unified Power", "GB", "GBP", "SINGLE", "INFO_RECORD", 10_000),
        Client("nordlicht", "Nordlicht Energie", "DE", "EUR", "DUAL", "INFO_RECORD", 1_000),
        Client("ribera", "Ribera Energía", "ES", "EUR", "SINGLE", "DEVICE", 1_000),
        Client("havn", "Havn Energi", "DK", "DKK", "DUAL", "DEVICE", 1_000),
    )
}

GRID = "GRID"
TEMPLATES: dict[str, tuple[str, str]] = {
    "MDT-EL-RES": ("ELECTRICITY", "RESIDENTIAL"),
    "MDT-EL-COM": ("ELECTRICITY", "CORPORATE"),
    "MDT-GAS-RES": ("GAS", "RESIDENTIAL"),
    "MDT-GAS-COM": ("GAS", "CORPORATE"),
    "MDT-GRID-EL": ("ELECTRICITY", GRID),
    "MDT-GRID-GAS": ("GAS", GRID),
}
"""Master-data templates: division and segment that each generates for, or GRID for grid usage."""
