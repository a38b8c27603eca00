"""Which adapter speaks with a supplier: the one that its row names."""

from __future__ import annotations

from market.choices import ReportChannel
from market.gateway.suppliers.rest import RestInbox
from market.gateway.suppliers.shapes import Inbox, Login
from market.gateway.suppliers.soap import SoapInbox
from market.models import SupplierEndpoint

_INBOXES: dict[str, type[SoapInbox] | type[RestInbox]] = {
    ReportChannel.SOAP: SoapInbox,
    ReportChannel.REST: RestInbox,
}


def inbox_of(endpoint: SupplierEndpoint) -> Inbox:
    """
    Return the inbox behind an endpoint.

    :raises KeyError: if a person has to upload files there
    """
    return _INBOXES[endpoint.channel](
        Login(
            url=endpoint.url,
            username=endpoint.username,
            password=endpoint.password,
            connect_timeout=endpoint.connect_timeout,
            read_timeout=endpoint.read_timeout,
        )
    )
