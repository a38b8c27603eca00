"""Set up the tenant's print company."""

from __future__ import annotations

from django.db import transaction

from billing_sync.models import PrintEndpoint
from billing_sync.services.invoicing.months import make_months_ahead


@transaction.atomic
def connect_printer(
    *,
    name: str,
    inbound_username: str,
    inbound_password: str,
    archive_url: str,
    archive_username: str,
    archive_password: str,
) -> PrintEndpoint:
    """
    Set up the tenant's active print company, or change it; safe to repeat.

    ``inbound_…`` is how it logs in here, ``archive_…`` how we do at its archive. The months to come
    get their partitions.
    """
    printer = PrintEndpoint.objects.select_for_update().filter(is_active=True).first()
    if printer is None:
        printer = PrintEndpoint(is_active=True)
    printer.name = name
    printer.inbound_username = inbound_username
    printer.archive_url = archive_url
    printer.archive_username = archive_username
    printer.set_inbound_password(inbound_password)
    printer.set_archive_password(archive_password)
    printer.full_clean(exclude=["archive_url"])
    save_printer(printer)
    return printer


def save_printer(printer: PrintEndpoint) -> None:
    """Save a print company with all that it needs to be used."""
    printer.make_digest_key()
    printer.save()
    make_months_ahead()
