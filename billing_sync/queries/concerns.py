"""What is wrong with invoicing, for the list on which the back office looks (C-19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing_sync.models import InvoiceRun, PrintEndpoint
from billing_sync.queries.invoices import (
    RunStanding,
    Waiting,
    active_printer,
    overdue_months,
    standings_of,
    stray_months,
)
from events.choices import TroubleKind
from events.services.concerns import Concern
from utilcrm.clock import today
from utilcrm.db.months import first_of, months_from

_MAY = "billing_sync.manage_invoices"
_LOOK_BACK = 12
"""Months whose runs still concern somebody."""


def of_invoicing() -> list[Concern]:
    """Return what a person has to look into, where a print company is set up."""
    printer = active_printer()
    if printer is None:
        return []
    since = months_from(first_of(today()), -_LOOK_BACK)
    runs = list(InvoiceRun.objects.filter(month__gte=since).order_by("-month", "-id"))
    rows = standings_of(runs, printer)
    # what was rejected is a month's, whatever the number of its runs
    newest = {row.run.month: row for row in reversed(rows)}.values()
    return [
        *(one for row in rows for one in _of_run(row)),
        *(_rejected(row.run, row.waiting) for row in newest if row.waiting),
        *_overdue(printer),
        *_strays(),
    ]


def _of_run(row: RunStanding) -> Iterator[Concern]:
    run, name = row.run, _month_name(row.run.month)
    troubles: list[tuple[TroubleKind, dt.datetime | None, int, str]] = []
    if row.is_mismatch:
        text = _("List of the invoicing run %(month)s")
        troubles.append((TroubleKind.DIFFERS, run.loaded_at, abs(run.expected - run.loaded), text))
    if row.is_late:
        text = _("Invoices of %(month)s that cannot be opened")
        troubles.append((TroubleKind.MISSING, row.late_since, run.missing, text))
    for kind, since, number, text in troubles:
        yield Concern(
            key=f"invoice-run:{run.erp_id}",
            kind=kind,
            since=since or run.updated_at,
            number=number,
            label=text % {"month": name},
            url=reverse("billing_sync:invoice_run", args=[run.uuid]),
            permission=_MAY,
        )


def _rejected(run: InvoiceRun, waiting: Waiting) -> Concern:
    return Concern(
        key=f"invoices:{run.month:%Y-%m}",
        kind=TroubleKind.REJECTED,
        since=waiting.since,
        number=waiting.number,
        label=_("Lines of the invoicing run %(month)s") % {"month": _month_name(run.month)},
        url=reverse("billing_sync:invoice_run", args=[run.uuid]),
        permission=_MAY,
    )


def _overdue(printer: PrintEndpoint) -> Iterator[Concern]:
    for month in overdue_months(printer):
        day = month.replace(day=printer.run_day) + dt.timedelta(days=1)
        yield Concern(
            key=f"invoices:{month:%Y-%m}",
            kind=TroubleKind.OVERDUE,
            since=timezone.make_aware(dt.datetime.combine(day, dt.time())),
            number=0,
            label=_("Invoicing run %(month)s") % {"month": _month_name(month)},
            url=reverse("billing_sync:invoice_runs"),
            permission=_MAY,
        )


def _strays() -> Iterator[Concern]:
    for month, waiting in stray_months().items():
        yield Concern(
            key=f"invoices:{month:%Y-%m}",
            kind=TroubleKind.REJECTED,
            since=waiting.since,
            number=waiting.number,
            label=_("Tokens of %(month)s, of which the ERP knows no run")
            % {"month": _month_name(month)},
            url=reverse("billing_sync:invoice_strays"),
            permission=_MAY,
        )


def _month_name(month: dt.date) -> str:
    return date_format(month, "F Y")
