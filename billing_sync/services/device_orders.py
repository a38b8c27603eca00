"""Device changes on their way to the ERP, in the lane of their point of delivery."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from billing_sync.choices import MessageKind
from billing_sync.services.commanding import (
    Command,
    Requirement,
    enqueue_command,
    standing_command,
)
from devices.models import DeviceOrder
from events.services import mending
from premises.models import PointOfDelivery


def device_lane(pod: PointOfDelivery) -> str:
    """Return the lane of the device changes at a point of delivery."""
    return f"device:{pod.uuid}"


def plan_order_released(
    order_uuid: uuid.UUID, *, require_pod: Callable[[PointOfDelivery], Requirement | None]
) -> None:
    """Send a device change behind its point of delivery; a mended one takes its old place."""
    order = _order(order_uuid)
    command = _command(order)
    stopped = standing_command(command)
    if stopped is not None and stopped.is_parked:
        mending.retry(delivery=stopped, actor=None, reason="device order mended")
    elif stopped is None:
        needed = require_pod(order.pod)
        enqueue_command(command, requires=[needed] if needed else [])


def plan_order_cancelled(order_uuid: uuid.UUID) -> None:
    """Give up the message of an order that was refused and is not mended."""
    stopped = standing_command(_command(_order(order_uuid)))
    if stopped is not None and stopped.is_open:
        mending.cancel(delivery=stopped, actor=None, reason="device order given up")


def _order(order_uuid: uuid.UUID) -> DeviceOrder:
    return DeviceOrder.objects.select_related("pod__premise__connection_object").get(
        uuid=order_uuid
    )


def _command(order: DeviceOrder) -> Command:
    return Command(MessageKind.DEVICE_ORDER, order.uuid, device_lane(order.pod))
