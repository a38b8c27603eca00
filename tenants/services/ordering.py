"""Order a tenant, and hand the orders to the one process that may make schemas."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenants.choices import OrderStatus
from tenants.models import TenantOrder

PATIENCE = dt.timedelta(minutes=5)
"""After this long an order that is still being made has lost its maker."""


@transaction.atomic
def take_next_order() -> TenantOrder | None:
    """Claim the oldest order that nobody works on; two makers never get the same one."""
    abandoned = Q(status=OrderStatus.MAKING, started_at__lt=timezone.now() - PATIENCE)
    order = (
        TenantOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(status=OrderStatus.ORDERED) | abandoned)
        .order_by("ordered_at")
        .first()
    )
    if order is not None:
        order.mark_making()
    return order


@transaction.atomic
def order_again(order: TenantOrder) -> None:
    """
    Have an order that failed tried once more.

    :raises utilcrm.states.IllegalTransition: if it has not failed
    """
    TenantOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    order.refresh_from_db()
    order.order_again()
