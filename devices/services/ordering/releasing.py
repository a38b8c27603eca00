"""Hand a device change to the ERP."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from devices.choices import UNDER_WAY
from devices.models import DeviceOrder, DeviceOrderReading
from devices.services.ordering.drafting import lock_editable
from devices.services.ordering.rules import Change, OrderRefused, check_change
from devices.services.ordering.telling import tell_order
from premises.models import PointOfDelivery


@transaction.atomic
def release_order(
    *, order: DeviceOrder, change: Change, version: int | None, actor: User
) -> DeviceOrder:
    """
    Check a device change and queue it for the ERP; one that was refused may be mended and sent.

    :raises OrderRefused: with the reason, as the ERP would
    :raises OrderNotEditable: if the order has gone on
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed it meanwhile
    """
    PointOfDelivery.objects.select_for_update().get(pk=order.pod_id)
    order = lock_editable(order, version=version, actor=actor)
    others = DeviceOrder.objects.filter(pod=order.pod_id, status__in=UNDER_WAY)
    if others.exclude(pk=order.pk).exists():
        raise OrderRefused(
            _("Another device change here is with the ERP. Wait for its answer."),
            code="ORDER_UNDER_WAY",
            field="",
        )
    check_change(change)
    order.settle(
        effective_on=change.effective_on,
        removed_device=change.removed,
        installed_device=change.installed,
    )
    order.readings.all().delete()
    DeviceOrderReading.objects.bulk_create(
        DeviceOrderReading(
            order=order, register_id=key, value=given.value, is_rollover=given.is_rollover
        )
        for key, given in change.readings.items()
    )
    order.last_by = actor
    order.mark_queued(at=timezone.now())
    tell_order("devices.order.released", order, actor=actor)
    return order
