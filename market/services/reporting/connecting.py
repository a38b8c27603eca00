"""Set up how a supplier takes our reports."""

from __future__ import annotations

from django.db import transaction

from market.models import SupplierEndpoint


@transaction.atomic
def connect_supplier(
    *, supplier_id: int, channel: str, url: str, username: str = "", password: str = ""
) -> SupplierEndpoint:
    """Set up a supplier's inbox, or change it; safe to repeat."""
    endpoint = SupplierEndpoint.objects.select_for_update().filter(supplier_id=supplier_id).first()
    if endpoint is None:
        endpoint = SupplierEndpoint(supplier_id=supplier_id)
    endpoint.channel, endpoint.url, endpoint.username = channel, url, username
    endpoint.set_password(password)
    endpoint.save()
    return endpoint
