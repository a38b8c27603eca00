"""Device changes as orders to the ERP."""

from __future__ import annotations

from typing import Any

from billing_sync.gateway.mapping.values import day, decimal, reference, without_blanks
from devices.models import Device, DeviceOrder, DeviceOrderReading


def device_order(order: DeviceOrder) -> dict[str, Any]:
    """Return a device change; devices are named by the ERP's numbers, nothing else of them."""
    readings = list(order.readings.select_related("register").order_by("register__code"))
    return without_blanks(
        ExternalReference=str(order.uuid),
        OrderTypeCode=order.kind,
        PointOfDelivery=reference(order.pod.uuid, order.pod.erp_number),
        EffectiveDate=day(order.effective_on),
        RemovedDevice=_device(order.removed_device, readings),
        InstalledDevice=_device(order.installed_device, readings),
    )


def _device(device: Device | None, readings: list[DeviceOrderReading]) -> dict[str, Any] | None:
    if device is None:
        return None
    return without_blanks(
        DeviceID=device.erp_number,
        Result=[
            {
                "RegisterID": one.register.code,
                "Value": decimal(one.value),
                "RolloverIndicator": one.is_rollover,
            }
            for one in readings
            if one.register.device_id == device.pk
        ],
    )
