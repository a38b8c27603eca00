"""Celery's side of the market: what happens by the clock."""

from typing import Any

from celery import shared_task

from market.services.reporting import make_reports_of, send_report
from utilcrm import clock


@shared_task(name="market.tasks.report_to_suppliers")
def report_to_suppliers(**kwargs: Any) -> None:
    """Make and send this month's reports that are missing. Twice does no harm."""
    for report in make_reports_of(clock.today()):
        send_report(report_id=report.pk)
