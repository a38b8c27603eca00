"""The months that invoices lie in: made before they come, dropped when their time is over."""

from __future__ import annotations

import datetime as dt
import time

from django.db import OperationalError, transaction

from billing_sync.models import InvoiceReject, PrintEndpoint
from utilcrm.clock import today
from utilcrm.db import months
from utilcrm.db.staging import run

INVOICES_TABLE = "billing_sync_invoice"
TOKENS_TABLE = "billing_sync_invoicetoken"
_AHEAD = 3

# A piece at a time, each in a transaction of its own: the whole is hundreds of millions of rows.
_DIGEST_PARTS = 16
_AT_ONCE = 100_000
_SECONDS = 120


def make_months_of(month: dt.date) -> None:
    """Make the partitions that a month's invoices and tokens go to, if they are not there."""
    for table in (INVOICES_TABLE, TOKENS_TABLE):
        months.make_month(table, month)


def make_months_ahead() -> int:
    """Make the partitions of this month and the next ones; return how many there were to make."""
    first = months.first_of(today())
    return sum(
        months.make_month(table, months.months_from(first, ahead))
        for table in (INVOICES_TABLE, TOKENS_TABLE)
        for ahead in range(_AHEAD + 1)
    )


def drop_old_months(endpoint: PrintEndpoint) -> list[dt.date]:
    """
    Drop what is over: tokens with the archive's years, invoices some months later.

    A month that is being read this moment is left for the next night. Returns the months whose
    invoices are gone.
    """
    first = months.first_of(today())
    # a whole month more, for what was issued on its last day
    tokens_end = months.months_from(first, -12 * endpoint.archive_years - 1)
    invoices_end = months.months_from(tokens_end, -endpoint.keep_months)
    old = [month for month in months.months_of(TOKENS_TABLE) if month < tokens_end]
    for month in old:
        _drop(TOKENS_TABLE, month)
    _forget_digests(tokens_end)
    InvoiceReject.objects.filter(month__lt=tokens_end).delete()
    return [
        month
        for month in months.months_of(INVOICES_TABLE)
        if month < invoices_end and _drop(INVOICES_TABLE, month)
    ]


def _drop(table: str, month: dt.date) -> bool:
    try:
        with transaction.atomic():
            return months.drop_month(table, month)
    except OperationalError:
        return False


def _forget_digests(before: dt.date) -> None:
    """Delete the digests of months that are over; what the time does not allow waits a night."""
    deadline = time.monotonic() + _SECONDS
    for part in range(_DIGEST_PARTS):
        table = f"billing_sync_tokendigest_{part:02d}"
        gone = _AT_ONCE
        while gone == _AT_ONCE and time.monotonic() < deadline:
            gone = run(
                f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608
                f"SELECT ctid FROM {table} WHERE month < %s LIMIT %s))",
                [before, _AT_ONCE],
            )
