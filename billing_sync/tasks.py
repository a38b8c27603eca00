"""Celery's side of the wire to the ERP: what happens by the clock. Twice does no harm."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from celery import shared_task
from django.utils import timezone

from billing_sync.gateway.client import SoapFailure
from billing_sync.queries import active_endpoint
from billing_sync.queries.invoices import active_printer
from billing_sync.services.comparing import asking
from billing_sync.services.conflicts import editing
from billing_sync.services.following import polling
from billing_sync.services.invoicing import loading, months, running

_KEEP_CONFIRMED = dt.timedelta(days=1)


@shared_task(name="billing_sync.tasks.follow_erp")
def follow_erp(**kwargs: Any) -> None:
    """Bring what changed in the ERP, if there is one."""
    if active_endpoint() is not None:
        polling.follow()


@shared_task(name="billing_sync.tasks.compare_books")
def compare_books(*, comparison_uuid: str = "", **kwargs: Any) -> None:
    """Compare both books: the comparison that somebody asked for, or the one of the night."""
    if active_endpoint() is None:
        return
    if comparison_uuid:
        asking.carry_out(comparison_uuid)
    else:
        asking.compare_tonight()


@shared_task(name="billing_sync.tasks.forget_edits")
def forget_edits(**kwargs: Any) -> None:
    """Forget which edits the ERP confirmed long ago."""
    editing.forget_confirmed(before=timezone.now() - _KEEP_CONFIRMED)


@shared_task(name="billing_sync.tasks.look_for_invoice_runs")
def look_for_invoice_runs(**kwargs: Any) -> None:
    """Ask the ERP for invoicing runs, where a print company is to deliver tokens for them."""
    printer = active_printer()
    if printer is None or active_endpoint() is None:
        return
    with suppress(SoapFailure):
        # noted at the print company's row; the next hour asks again
        running.look_for_runs(endpoint=printer)
    running.retry_found()


@shared_task(name="billing_sync.tasks.tend_invoice_months")
def tend_invoice_months(**kwargs: Any) -> None:
    """Make the months that come, drop those whose time is over, and link what came too early."""
    printer = active_printer()
    if printer is not None:
        months.make_months_ahead()
        months.drop_old_months(printer)
        loading.link_latecomers()
