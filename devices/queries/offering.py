"""Which device changes make sense at a point of delivery now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devices.choices import DeviceOrderKind
from devices.models import DeviceInstallation


@dataclass(frozen=True)
class Offer:
    """A device change that may be ordered now; `key` is typed with Alt."""

    kind: DeviceOrderKind
    key: str

    @property
    def slug(self) -> str:
        """The kind as addresses name it."""
        return slug_of(self.kind)


_KEYS = {
    DeviceOrderKind.REPLACE: "alt+r",
    DeviceOrderKind.REMOVE: "alt+e",
    DeviceOrderKind.INSTALL: "alt+i",
    DeviceOrderKind.INSTALL_TECHNICALLY: "alt+t",
    DeviceOrderKind.INSTALL_FOR_BILLING: "alt+b",
}


def slug_of(kind: str) -> str:
    """Return a kind as addresses name it."""
    return kind.lower().replace("_", "-")


def offers_for(history: Sequence[DeviceInstallation]) -> list[Offer]:
    """Return the changes that may be ordered, the most usual first."""
    return [Offer(kind, _KEYS[kind]) for kind in _kinds(history)]


def _kinds(history: Sequence[DeviceInstallation]) -> list[DeviceOrderKind]:
    standing = [one for one in history if one.is_standing]
    if not standing:
        return [DeviceOrderKind.INSTALL, DeviceOrderKind.INSTALL_TECHNICALLY]
    kinds = [DeviceOrderKind.REPLACE, DeviceOrderKind.REMOVE]
    if any(one.billing_from is None for one in standing):
        kinds.insert(0, DeviceOrderKind.INSTALL_FOR_BILLING)
    return [*kinds, DeviceOrderKind.INSTALL, DeviceOrderKind.INSTALL_TECHNICALLY]
