"""Close offers whose binding period ran out without an answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from events.services.recording import record
from quotations.models import Quotation
from utilcrm import clock

BATCH = 200


def expire_quotations(*, moment: dt.datetime | None = None) -> int:
    """
    Expire every sent quotation whose binding period ended at or before `moment` (now).

    Works in batches, each in its own transaction, and leaves alone what an agent has locked at
    that instant: the next run finds it. Returns how many were expired.
    """
    moment = moment or clock.now()
    total = 0
    while True:
        count = _expire_batch(moment)
        total += count
        if count < BATCH:
            return total


@transaction.atomic
def _expire_batch(moment: dt.datetime) -> int:
    due = list(
        Quotation.objects.overdue(moment)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("account")
        .order_by("binding_until")[:BATCH]
    )
    for quotation in due:
        quotation.mark_expired(expired_at=moment)
        record(
            "quotations.quotation.expired",
            subject=quotation,
            payload={"number": quotation.number},
            account_uuid=quotation.account.uuid,
        )
    return len(due)
