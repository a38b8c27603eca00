"""Rejected lines, tried again when the ERP's list was read anew, or set aside by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from billing_sync.choices import InvoiceRejectReason, InvoiceRejectStatus
from billing_sync.models import InvoiceReject, TokenBatch
from billing_sync.services.invoicing import sorting
from billing_sync.services.invoicing.taking import ask_for_letters
from events.services import recording
from utilcrm.clock import today
from utilcrm.db.months import first_of, months_from
from utilcrm.db.staging import fetch

_AT_ONCE = 5000


def has_open(month: dt.date) -> bool:
    """Say whether lines of a month wait whose invoice may be here by now."""
    return (
        InvoiceReject.objects.filter(month=month, status=InvoiceRejectStatus.OPEN)
        .exclude(reason=InvoiceRejectReason.UNREADABLE)
        .exists()
    )


def months_found(first: dt.date) -> list[dt.date]:
    """
    Return the months, from `first` on, whose invoices are here by now and whose lines still wait.

    A batch that is taken while the last page is loaded is seen by neither.
    """
    rows = fetch(
        "SELECT m.month FROM (SELECT DISTINCT month FROM billing_sync_invoicerun"
        " WHERE month >= %s AND status = 'LOADED') m WHERE EXISTS (SELECT"
        " FROM billing_sync_invoicereject r JOIN billing_sync_invoice i"
        " ON i.month = r.month AND i.number = r.number"
        " WHERE r.month = m.month AND r.status = 'OPEN' AND r.reason = 'UNKNOWN_INVOICE')"
        " ORDER BY 1",
        [first],
    )
    return [month for (month,) in rows]


def retry_after(month: dt.date, after: int) -> int:
    """
    Try the next open rejects of a month, in the caller's transaction.

    A print company may be faster than the ERP's list: customers get their mail all the same, but
    not for what is a bill of the month before last.

    :return: the key of the last one, to go on behind; 0 when there were no more
    """
    staged = sorting.stage_rejects(month=month, after=after, most=_AT_ONCE)
    if staged.count:
        found = sorting.sort_staged(month=month, batch_id=staged.batch_id)
        if found.taken and month >= months_from(first_of(today()), -1):
            ask_for_letters(TokenBatch.objects.get(pk=staged.batch_id))
    return staged.last if staged.count == _AT_ONCE else 0


@transaction.atomic
def set_aside(*, reject: InvoiceReject, note: str, actor: Any) -> None:
    """Take a reject off the list, with the reason; it is not tried again."""
    reject = InvoiceReject.objects.select_for_update().get(pk=reject.pk)
    if reject.status != InvoiceRejectStatus.OPEN:
        return
    reject.mark_set_aside(note)
    recording.record(
        "billing_sync.reject.set_aside",
        subject=reject,
        actor=actor,
        payload={"number": reject.number, "reason": reject.reason, "note": note},
    )
