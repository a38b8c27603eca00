"""Set up how a supplier takes our reports, and check that somebody answers there."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from market.choices import ReportChannel
from market.gateway.suppliers import SupplierFailure, inbox_of
from market.models import SupplierEndpoint
from utilcrm import clock
from utilcrm.addresses import is_same_host
from utilcrm.db.models import new_uuid


@transaction.atomic
def connect_supplier(
    *,
    supplier_id: int,
    channel: str,
    url: str,
    username: str = "",
    password: str = "",
    upload_days: int = 3,
    is_active: bool = True,
) -> SupplierEndpoint:
    """
    Set up a supplier's inbox, or change it; safe to repeat.

    :param password: empty keeps the one that is there, unless the server is another one, which has
        no business with it
    """
    endpoint = SupplierEndpoint.objects.select_for_update().filter(supplier_id=supplier_id).first()
    if endpoint is None:
        endpoint = SupplierEndpoint(supplier_id=supplier_id)
    if endpoint.url and not is_same_host(endpoint.url, url):
        endpoint.password_sealed = ""
    endpoint.channel, endpoint.url, endpoint.username = channel, url, username
    endpoint.upload_days, endpoint.is_active = upload_days, is_active
    if password:
        endpoint.set_password(password)
    endpoint.save()
    return endpoint


def check_inbox(endpoint: SupplierEndpoint) -> bool:
    """
    Ask a supplier for a report that cannot be there, and note whether it answers; never raises.

    At a portal nobody is asked: a person will see.
    """
    if endpoint.channel == ReportChannel.FILE:
        endpoint.mark_checked(at=clock.now(), ok=True, result=_("A person uploads files there."))
        return True
    try:
        inbox_of(endpoint).receipt_of(new_uuid())
    except SupplierFailure as failure:
        endpoint.mark_checked(at=clock.now(), ok=False, result=failure.text)
        return False
    endpoint.mark_checked(at=clock.now(), ok=True, result=_("The supplier answers."))
    return True
