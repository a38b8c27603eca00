"""What is told of a device change in the timelines."""

from __future__ import annotations

from access.models import User
from devices.models import DeviceOrder
from events.services import recording


def tell_order(name: str, order: DeviceOrder, *, actor: User | None, **payload: str) -> None:
    """Record what happened with an order, in the caller's transaction."""
    recording.record(
        name,
        subject=order,
        actor=actor,
        payload={
            "pod_uuid": str(order.pod.uuid),
            "pod": order.pod.external_id,
            "kind": order.kind,
            "effective_on": order.effective_on.isoformat() if order.effective_on else "",
            **payload,
        },
    )
