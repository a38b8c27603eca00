"""Every step between the states of a device order, allowed and refused."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from devices.choices import DEVICE_ORDER_TRANSITIONS, DeviceOrderKind, DeviceOrderStatus
from devices.models import DeviceOrder
from utilcrm.states import IllegalTransition

pytestmark = pytest.mark.django_db


def move(order: DeviceOrder, target: str) -> None:
    """Take the order to a state by its own mutator."""
    now = timezone.now()
    if target == DeviceOrderStatus.QUEUED:
        order.mark_queued(at=now)
    elif target == DeviceOrderStatus.SENT:
        order.mark_sent()
    elif target == DeviceOrderStatus.CONFIRMED:
        order.mark_confirmed(erp_number="860000000001", at=now)
    elif target == DeviceOrderStatus.REJECTED:
        order.mark_rejected(code="LATER_DEVICE_CHANGE", field="EffectiveDate", text="Too late")
    else:
        order.mark_cancelled(at=now)


@pytest.mark.covers("A-05")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pair
        for pair in itertools.product(DeviceOrderStatus, DeviceOrderStatus)
        if pair[1] != DeviceOrderStatus.DRAFT
    ],
)
def test_an_order_goes_where_the_table_says_and_nowhere_else(old, new, order_of):
    order = order_of(DeviceOrderKind.REMOVE)
    DeviceOrder.objects.filter(pk=order.pk).update(
        status=old,
        effective_on=dt.date(2026, 10, 9),
        released_at=timezone.now(),
        failure_text="No" if old == DeviceOrderStatus.REJECTED else "",
    )
    order.refresh_from_db()

    if new in DEVICE_ORDER_TRANSITIONS[old]:
        move(order, new)
        order.refresh_from_db()
        assert order.status == new
    elif new == DeviceOrderStatus.SENT:
        # the ERP's answer may be here first: then there is nothing to note any more
        move(order, new)
        order.refresh_from_db()
        assert order.status == old
    else:
        with pytest.raises(IllegalTransition):
            move(order, new)


def test_nothing_leads_back_to_a_draft():
    assert all(DeviceOrderStatus.DRAFT not in after for after in DEVICE_ORDER_TRANSITIONS.values())
