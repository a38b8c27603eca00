"""Drafts of device changes: begun, kept as typed, given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from devices.choices import DeviceOrderKind, DeviceOrderStatus
from devices.models import DeviceOrder
from devices.services.ordering.telling import tell_order
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import devices_are_installed
from utilcrm.db.numbering import next_number

NUMBERS = "devices_order_number"


class DevicesNotInstalled(Exception):
    """This tenant describes meters and installs none."""


class OrderNotEditable(Exception):
    """The order is with the ERP, done or given up."""


@transaction.atomic
def draft_order(*, kind: str, pod: PointOfDelivery, actor: User) -> DeviceOrder:
    """
    Begin a device change, or go on with the draft of the same kind that lies there.

    :raises DevicesNotInstalled: in a tenant whose meters are device info records
    """
    if not devices_are_installed(current_profile()):
        raise DevicesNotInstalled(_("Meters are not installed from here."))
    PointOfDelivery.objects.select_for_update().get(pk=pod.pk)
    standing = DeviceOrder.objects.filter(
        kind=DeviceOrderKind(kind), pod=pod, status=DeviceOrderStatus.DRAFT
    ).first()
    if standing is not None:
        return standing
    order = DeviceOrder.objects.create(
        number=next_number(NUMBERS),
        kind=DeviceOrderKind(kind),
        pod=pod,
        started_by=actor,
        last_by=actor,
    )
    tell_order("devices.order.drafted", order, actor=actor)
    return order


@transaction.atomic
def keep_draft(
    *, order: DeviceOrder, typed: Mapping[str, Any], version: int | None, actor: User
) -> DeviceOrder:
    """
    Keep what is in the form, right or wrong, so that nobody types it twice.

    :raises OrderNotEditable: if the order has gone on
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed it meanwhile
    """
    order = lock_editable(order, version=version, actor=actor)
    order.keep_typed(typed, by=actor)
    return order


@transaction.atomic
def cancel_order(*, order: DeviceOrder, actor: User) -> DeviceOrder:
    """
    Give up a draft, or an order that the ERP has refused.

    :raises OrderNotEditable: if the ERP has it, or it is done
    """
    order = lock_editable(order, version=None, actor=actor)
    order.mark_cancelled(at=timezone.now())
    tell_order("devices.order.cancelled", order, actor=actor)
    return order


def lock_editable(order: DeviceOrder, *, version: int | None, actor: User) -> DeviceOrder:
    """
    Return the order, locked; for the other services of this package.

    What a person has typed last is kept while it is sent: one's own later version is no conflict.
    """
    order = DeviceOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not order.is_editable:
        raise OrderNotEditable(_("This order has gone on; it cannot be changed any more."))
    if order.last_by_id != actor.pk:
        order.require_version(version)
    return order
