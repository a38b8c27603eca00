"""Rejected lines, tried again when the ERP's list was read anew, or set aside by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from billing_sync.choices import InvoiceRejectReason, InvoiceRejectStatus
from billing_sync.models import InvoiceReject
from billing_sync.services.invoicing import sorting
from events.services import recording

_AT_ONCE = 5000


def has_open(month: dt.date) -> bool:
    """Say whether lines of a month wait whose invoice may be here by now."""
    return (
        InvoiceReject.objects.filter(month=month, status=InvoiceRejectStatus.OPEN)
        .exclude(reason=InvoiceRejectReason.UNREADABLE)
        .exists()
    )


def retry_after(month: dt.date, after: int) -> int:
    """
    Try the next open rejects of a month, in the caller's transaction.

    What is taken now causes no mail: its customer was not told in time.

    :return: the key of the last one, to go on behind; 0 when there were no more
    """
    count, last = sorting.stage_rejects(month=month, after=after, most=_AT_ONCE)
    if count:
        sorting.sort_staged(month=month, batch_id=None)
    return last if count == _AT_ONCE else 0


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
