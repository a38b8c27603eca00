"""Give out the copy of an invoice: fetched by its token, which goes no further than the gateway."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import BusinessAgreement
from billing_sync.choices import ARCHIVE
from billing_sync.gateway.archive import (
    ArchiveAway,
    ArchiveLogin,
    CopyGone,
    CopyMissing,
    fetch_copy,
)
from billing_sync.models import Invoice, InvoiceToken, PrintEndpoint
from billing_sync.queries.invoices import active_printer, archived_until
from billing_sync.services.invoicing.taking import place_of, tokens_box
from events.services import circuit, recording
from events.services.routing import destination_named
from utilcrm.clock import today
from utilcrm.strongbox import CannotOpen

__all__ = [
    "ArchiveAway",
    "CopyMissing",
    "InvoiceUnknown",
    "NoLongerArchived",
    "NotYetThere",
    "fetch_invoice",
    "note_refused",
    "open_invoice",
]


class InvoiceUnknown(Exception):
    """No invoice of that agreement has this number in this month."""


class NotYetThere(Exception):
    """The print company has not delivered this invoice yet."""


class NoLongerArchived(Exception):
    """The archive's years are over; `since` is the first day without a copy."""

    def __init__(self, since: dt.date) -> None:
        super().__init__(_("The archive's time is over."))
        self.since = since


def open_invoice(
    *, agreement: BusinessAgreement, month: dt.date, number: str, actor: Any
) -> tuple[Invoice, bytes]:
    """
    Return an invoice of an agreement and the PDF, and write down that somebody has read it.

    The caller has made sure that `actor` may see the agreement.

    :raises InvoiceUnknown: no such invoice, or another agreement's
    :raises NotYetThere: no token yet
    :raises NoLongerArchived: too old
    :raises ArchiveAway: try again later
    :raises CopyMissing: the archive does not have what it should
    """
    invoice = Invoice.objects.filter(month=month, number=number, agreement=agreement).first()
    if invoice is None:
        raise InvoiceUnknown(number)
    content = fetch_invoice(invoice)
    with transaction.atomic():
        recording.record(
            "billing_sync.invoice.opened",
            subject=agreement,
            actor=actor,
            account_uuid=agreement.account.uuid,
            payload={"number": number, "month": month.isoformat()},
        )
    return invoice, content


@sensitive_variables()
def fetch_invoice(invoice: Invoice) -> bytes:
    """Return the PDF of an invoice, with the exceptions of `open_invoice`; tells nobody."""
    printer = active_printer()
    if printer is None:
        raise NotYetThere(_("No archive is set up."))
    end = archived_until(invoice, printer)
    if end <= today():
        raise NoLongerArchived(end)
    held = (
        InvoiceToken.objects.filter(month=invoice.month, number=invoice.number)
        .order_by("-version")
        .first()
    )
    if held is None:
        raise NotYetThere(_("The print company has not delivered this invoice yet."))
    try:
        token = tokens_box().open(bytes(held.sealed), place=place_of(invoice.month, invoice.number))
    except CannotOpen:
        raise CopyMissing(_("What opens this invoice cannot be read any more.")) from None
    try:
        return _fetched(_login(printer), token=token.decode(), number=invoice.number)
    except CopyGone:
        raise NoLongerArchived(min(end, today())) from None


@sensitive_variables()
def _fetched(login: ArchiveLogin, *, token: str, number: str) -> bytes:
    """Ask the archive, unless it is known to be away: nobody need wait to find that out again."""
    archive = destination_named(ARCHIVE)
    if circuit.is_open(archive) and not circuit.take_probe(archive):
        raise ArchiveAway(_("The archive does not answer."))
    try:
        content = fetch_copy(login, token=token, number=number)
    except ArchiveAway as exc:
        circuit.note_failure(archive, str(exc))
        raise
    except (CopyGone, CopyMissing):
        circuit.note_success(archive)
        raise
    circuit.note_success(archive)
    return content


def _login(printer: PrintEndpoint) -> ArchiveLogin:
    return ArchiveLogin(
        url=printer.archive_url,
        username=printer.archive_username,
        password=printer.archive_password,
        connect_timeout=printer.connect_timeout,
        read_timeout=printer.read_timeout,
    )


@transaction.atomic
def note_refused(*, actor: models.Model, month: dt.date, number: str, reason: str) -> None:
    """Write down that somebody asked for an invoice that is not theirs to see."""
    recording.record(
        "billing_sync.invoice.refused",
        subject=actor,
        actor=actor,
        payload={"number": number[:20], "month": month.isoformat(), "reason": reason},
    )
