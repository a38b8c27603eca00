"""The meter that is installed at a point of delivery, for the quotation screen."""

from __future__ import annotations

from dataclasses import dataclass

from devices.models import DeviceInstallation
from devices.queries import devices_at
from quotations.models import QuotationItem
from tenants.models import Profile
from tenants.scenario import devices_are_installed


@dataclass(frozen=True)
class Installed:
    """What hangs at the point of delivery today; empty until somebody installs a device."""

    devices: list[DeviceInstallation]
    key: str
    """Under which the readings at the start are saved, and refused ones kept."""


def installed_at(item: QuotationItem, profile: Profile) -> Installed | None:
    """Return the installed devices, or None where agents type meter data instead."""
    if not devices_are_installed(profile):
        return None
    return Installed(devices=devices_at(item.pod), key=f"start-{item.uuid}")
