"""The device that is installed at a point of delivery, as an offer for it sees it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from devices.models import Device
from devices.queries import devices_at
from quotations.models import QuotationItem, QuotationItemRegister


class NothingInstalled(Exception):
    """No device hangs at the point of delivery, so there is nothing to read."""


def device_for(item: QuotationItem) -> Device | None:
    """Return the device whose registers the offer is about: the first that hangs there today."""
    installed = devices_at(item.pod)
    return installed[0].device if installed else None


def adopt_installed_device(
    item: QuotationItem, readings: Mapping[str, Decimal | None] | None = None
) -> None:
    """
    Take rate and registers of the installed device into an item; nothing is sent up of them.

    Without a device the item keeps its rate and has no registers.
    """
    device = device_for(item)
    given = readings or {}
    item.registers.all().delete()
    if device is None:
        return
    item.rate = device.rate
    item.save(update_fields=["rate", "updated_at"])
    QuotationItemRegister.objects.bulk_create(
        QuotationItemRegister(
            item=item,
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
            move_in_reading=given.get(register.code),
        )
        for register in device.registers.all()
    )
