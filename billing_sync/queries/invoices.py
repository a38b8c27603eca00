"""Invoices of an agreement, and how the runs stand between the ERP and the print company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import BusinessAgreement
from billing_sync.choices import INVOICES, InvoiceRejectStatus, InvoiceRunKind
from billing_sync.models import (
    Bill,
    Invoice,
    InvoiceReject,
    InvoiceRun,
    InvoiceToken,
    PrintEndpoint,
    TokenBatch,
)
from events.models import Lane
from utilcrm.clock import today
from utilcrm.db.months import first_of, months_from
from utilcrm.db.staging import fetch

COUNTED = 1000
"""Open rejects are counted up to here; beyond it is "more"."""


def active_printer() -> PrintEndpoint | None:
    """Return the tenant's print company, if one is set up."""
    return PrintEndpoint.objects.filter(is_active=True).first()


def archived_until(invoice: Invoice, printer: PrintEndpoint) -> dt.date:
    """Return the first day on which the archive has no copy of an invoice any more."""
    issued = invoice.issued_on
    year = issued.year + printer.archive_years
    # of 29 February there is no day in most years
    return dt.date(year, 3, 1) if (issued.month, issued.day) == (2, 29) else issued.replace(year)


@dataclass(frozen=True)
class ListedInvoice:
    """An invoice as its list shows it: `copy` is READY, WAITING or GONE."""

    invoice: Invoice
    copy: str
    gone_since: dt.date | None = None


def invoices_of(agreement: BusinessAgreement, *, most: int = 72) -> list[ListedInvoice]:
    """Return an agreement's invoices, newest first, and whether each can be opened; 3 queries."""
    printer = active_printer()
    found = list(Invoice.objects.filter(agreement=agreement).order_by("-month")[:most])
    found.sort(key=lambda one: (one.issued_on, one.number), reverse=True)
    ready = _with_token(found)
    return [_listed(one, printer, one.pk in ready) for one in found]


def _with_token(found: list[Invoice]) -> set[tuple[dt.date, str]]:
    if not found:
        return set()
    rows = InvoiceToken.objects.filter(
        month__in={one.month for one in found}, number__in=[one.number for one in found]
    ).values_list("month", "number")
    return set(rows)


def _listed(one: Invoice, printer: PrintEndpoint | None, has_token: bool) -> ListedInvoice:
    if printer is not None and (end := archived_until(one, printer)) <= today():
        return ListedInvoice(one, "GONE", end)
    return ListedInvoice(one, "READY" if has_token else "WAITING")


def listed_bills(bills: Iterable[Bill]) -> dict[tuple[int, str], dt.date]:
    """Return for bills (agreement, number) that came in an invoicing run its month; one query."""
    wanted = list(bills)
    if not wanted:
        return {}
    first = first_of(min(bill.issued_on for bill in wanted))
    rows = Invoice.objects.filter(
        agreement_id__in={bill.agreement_id for bill in wanted},
        # a run at the turn of a month
        month__gte=months_from(first, -1),
    ).values_list("agreement_id", "number", "month")
    return {(agreement, number): month for agreement, number, month in rows if agreement}


def next_run_month() -> dt.date:
    """Return the month of the first run that a change of delivery made today takes effect with."""
    month = first_of(today())
    is_over = InvoiceRun.objects.filter(month=month, kind=InvoiceRunKind.REGULAR).exists()
    return months_from(month, 1) if is_over else month


# from month to month along the index, however many lines wait in each
_STRAY_MONTHS = """
    WITH RECURSIVE months AS (
        SELECT min(month) AS month FROM billing_sync_invoicereject WHERE status = 'OPEN'
        UNION ALL
        SELECT (SELECT min(r.month) FROM billing_sync_invoicereject r
            WHERE r.status = 'OPEN' AND r.month > m.month)
        FROM months m WHERE m.month IS NOT NULL
    )
    SELECT m.month FROM months m WHERE m.month IS NOT NULL
        AND NOT EXISTS (SELECT FROM billing_sync_invoicerun r WHERE r.month = m.month)
"""


@dataclass(frozen=True)
class Waiting:
    """Open rejects of a month: how many, up to one more than `COUNTED`, and since when."""

    number: int
    since: dt.datetime


@dataclass(frozen=True)
class RunStanding:
    """A run with what is missing of it, and whether that is an alarm (C-19)."""

    run: InvoiceRun
    waiting: Waiting | None
    late_since: dt.datetime | None
    trouble: str = ""

    @property
    def rejects(self) -> int:
        """How many lines of its month were rejected and wait."""
        return self.waiting.number if self.waiting else 0

    @property
    def is_late(self) -> bool:
        """Whether the print company has had its days, and tokens are missing."""
        return self.late_since is not None

    @property
    def is_mismatch(self) -> bool:
        """Whether the ERP's list is not what the ERP says it made."""
        return not self.run.is_loading and not self.run.is_whole

    @property
    def is_alarm(self) -> bool:
        """Whether a person should look at it."""
        return self.is_mismatch or self.is_late or bool(self.rejects or self.trouble)

    @property
    def has_more_rejects(self) -> bool:
        """Whether there are more than were counted."""
        return self.rejects > COUNTED


def standings_of(runs: Sequence[InvoiceRun], printer: PrintEndpoint | None) -> list[RunStanding]:
    """Return how runs stand, in two queries; the rejects of a run are those of its month."""
    waiting = _waiting_in({run.month for run in runs})
    troubles = dict(
        Lane.objects.filter(
            destination=INVOICES, ordering_key__in=[run.lane for run in runs if run.is_loading]
        ).values_list("ordering_key", "last_error")
    )
    days = printer.token_days if printer else 0
    return [
        RunStanding(
            run,
            waiting=waiting.get(run.month),
            late_since=_late_since(run, days),
            trouble=troubles.get(run.lane, ""),
        )
        for run in runs
    ]


def _late_since(run: InvoiceRun, days: int) -> dt.datetime | None:
    until = run.closed_at + dt.timedelta(days=days + 1)
    is_late = run.missing > 0 and run.kind != InvoiceRunKind.HISTORY and until <= timezone.now()
    return until if is_late else None


def overdue_months(printer: PrintEndpoint | None) -> list[dt.date]:
    """
    Return which of this month and the last one have had no regular run by the day agreed.

    Nothing is expected of months before the first run that there was.
    """
    if printer is None:
        return []
    day = today()
    this = first_of(day)
    due = [months_from(this, -1), *([this] if day.day > printer.run_day else [])]
    regular = InvoiceRun.objects.filter(kind=InvoiceRunKind.REGULAR)
    made = set(regular.filter(month__in=due).values_list("month", flat=True))
    began = regular.order_by("month").values_list("month", flat=True).first()
    return [month for month in due if month not in made and began is not None and began < month]


def stray_months() -> dict[dt.date, Waiting]:
    """Return the months that lines wait in, though the ERP told of no run, and how they stand."""
    months = [month for (month,) in fetch(_STRAY_MONTHS)]
    return _waiting_in(set(months)) if months else {}


def _waiting_in(months: set[dt.date]) -> dict[dt.date, Waiting]:
    """Say how the open rejects of months stand; a month without any is left out."""
    rows = fetch(
        "SELECT m, (SELECT count(*) FROM (SELECT FROM billing_sync_invoicereject"
        " WHERE month = m AND status = 'OPEN' LIMIT %s) counted),"
        " (SELECT created_at FROM billing_sync_invoicereject"
        " WHERE month = m AND status = 'OPEN' ORDER BY id LIMIT 1)"
        " FROM unnest(%s::date[]) m ORDER BY m",
        [COUNTED + 1, list(months)],
    )
    return {month: Waiting(number, since) for month, number, since in rows if number}


def open_rejects_of(month: dt.date) -> QuerySet[InvoiceReject]:
    """Return the lines of a month that were not taken, and wait."""
    return InvoiceReject.objects.filter(month=month, status=InvoiceRejectStatus.OPEN)


@dataclass(frozen=True)
class BatchTotals:
    """What the batches of a month came to."""

    batches: list[TokenBatch]
    mails: int
    without_address: int


def batches_of(month: dt.date, *, most: int = 20) -> BatchTotals:
    """Return the newest batches of a month, and how many mails all of them caused."""
    rows = TokenBatch.objects.filter(month=month)
    totals = rows.aggregate(mails=Sum("mails"), without=Sum("without_address"))
    return BatchTotals(
        list(rows.order_by("-pk")[:most]), totals["mails"] or 0, totals["without"] or 0
    )
