"""Celery's side of the market: what happens by the clock. Twice does no harm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from celery import shared_task

from market.services import disconnecting, following, forgetting, receiving, watching
from market.services.reporting import ReportRefused, make_reports_of, send_report
from utilcrm import clock


@shared_task(name="market.tasks.collect")
def collect(**kwargs: Any) -> None:
    """Take what waits in our queue at the register."""
    receiving.collect()


@shared_task(name="market.tasks.tell_due_ends")
def tell_due_ends(**kwargs: Any) -> None:
    """Tell of what ends today, in the tenant's calendar, and look for answers that are late."""
    following.plan_due_ends()
    disconnecting.tend_disconnections()
    watching.watch_deadlines()


@shared_task(name="market.tasks.look_again")
def look_again(**kwargs: Any) -> None:
    """Compare once a day what was told with what changed, in case a fact went past us."""
    following.plan_changed_supplies()


@shared_task(name="market.tasks.forget_documents")
def forget_documents(**kwargs: Any) -> None:
    """Let go of the register's documents whose time is over."""
    forgetting.forget_documents()


@shared_task(name="market.tasks.report_to_suppliers")
def report_to_suppliers(**kwargs: Any) -> None:
    """Make and send this month's reports that are missing."""
    for report in make_reports_of(clock.today()):
        # a person was faster, or its way was switched off meanwhile: the others go on
        with suppress(ReportRefused):
            send_report(report_id=report.pk)
