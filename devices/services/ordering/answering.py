"""What the ERP makes of a device change: done here as it was done there, or refused."""

from __future__ import annotations

import uuid

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from devices.choices import (
    DeviceOrderKind,
    DeviceOrderStatus,
    ReadingReason,
    ReadingSource,
)
from devices.models import Device, DeviceInstallation, DeviceOrder, MeterReading
from devices.services.indexing import index_meters
from devices.services.ordering.rules import BEGINS, BILLS
from devices.services.ordering.telling import tell_order
from devices.services.replacing import tell_replacements

logger = structlog.get_logger(__name__)


@transaction.atomic
def mark_order_sent(*, order_uuid: uuid.UUID) -> None:
    """Note that the ERP has the order."""
    _lock(order_uuid).mark_sent()


@transaction.atomic
def confirm_order(*, order_uuid: uuid.UUID, erp_number: str, logical_number: str) -> None:
    """
    Do here what the ERP has done; repetition changes nothing.

    What the download has brought already is left as it is. If something here stands in the way,
    the download's word counts, and the order is done all the same.
    """
    order = _lock(order_uuid)
    if order.status == DeviceOrderStatus.CONFIRMED:
        return
    order.mark_confirmed(erp_number=erp_number, at=timezone.now())
    try:
        with transaction.atomic():
            _carry_out(order, logical_number)
    except IntegrityError:
        logger.warning("device_change_left_to_download", order=order.number)
    index_meters(order.pod.premise)
    tell_order("devices.order.confirmed", order, actor=None)
    if order.kind == DeviceOrderKind.REPLACE and order.effective_on is not None:
        # what is left to the download is told when that brings it
        tell_replacements(
            [order.pod.uuid],
            since=order.effective_on,
            more_of=lambda _one: {"order": order.number},
        )


@transaction.atomic
def reject_order(*, order_uuid: uuid.UUID, code: str, field: str, text: str) -> None:
    """Note the ERP's refusal: the order may be mended and sent again."""
    order = _lock(order_uuid)
    if order.status == DeviceOrderStatus.REJECTED:
        return
    order.mark_rejected(code=code, field=field, text=text or code)
    tell_order("devices.order.rejected", order, actor=None, text=text)


def _carry_out(order: DeviceOrder, logical_number: str) -> None:
    if order.removed_device is not None:
        logical_number = logical_number or _logical_number(order, order.removed_device)
        _take_away(order, order.removed_device)
    if order.installed_device is not None:
        if order.kind in BEGINS:
            _hang(order, order.installed_device, logical_number)
        else:
            _bill(order, order.installed_device)
    _write_readings(order)


def _logical_number(order: DeviceOrder, device: Device) -> str:
    last = device.installations.filter(pod=order.pod).order_by("-technical_from").first()
    return last.logical_number if last else ""


def _take_away(order: DeviceOrder, device: Device) -> None:
    day = order.effective_on
    place = device.installations.filter(pod=order.pod, technical_to__isnull=True).first()
    if place is not None and day is not None:
        place.end(day)


def _hang(order: DeviceOrder, device: Device, logical_number: str) -> None:
    day = order.effective_on
    if day is None or device.installations.filter(pod=order.pod, technical_from=day).exists():
        return
    DeviceInstallation.objects.create(
        device=device,
        pod=order.pod,
        logical_number=logical_number or order.number,
        technical_from=day,
        billing_from=day if _is_billed(order) else None,
    )


def _is_billed(order: DeviceOrder) -> bool:
    """A replacement is billed if what it replaces was; it ended billing on the day itself."""
    if order.kind not in BILLS:
        return False
    if order.removed_device is None:
        return True
    return any(
        place.billing_to == order.effective_on
        for place in order.removed_device.installations.filter(pod=order.pod)
    )


def _bill(order: DeviceOrder, device: Device) -> None:
    place = device.installations.filter(pod=order.pod, technical_to__isnull=True).first()
    if place is not None and order.effective_on is not None and place.billing_from is None:
        place.start_billing(order.effective_on)


def _write_readings(order: DeviceOrder) -> None:
    if order.effective_on is None:
        return
    for given in order.readings.select_related("register"):
        MeterReading.objects.update_or_create(
            register=given.register,
            read_on=order.effective_on,
            reason=_reason(order, given.register.device_id),
            defaults={"value": given.value, "source": ReadingSource.AGENT},
        )


def _reason(order: DeviceOrder, device_id: int | None) -> ReadingReason:
    if device_id == order.removed_device_id:
        return ReadingReason.REMOVAL
    return ReadingReason.INSTALLATION if order.kind in BEGINS else ReadingReason.INTERIM


def _lock(order_uuid: uuid.UUID) -> DeviceOrder:
    return (
        DeviceOrder.objects.select_for_update(of=("self",))
        .select_related("pod__premise__connection_object", "removed_device", "installed_device")
        .get(uuid=order_uuid)
    )
