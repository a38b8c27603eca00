"""Celery's side of contracts: what happens by the clock."""

from typing import Any

from celery import shared_task

from contracts.services import tending


@shared_task(name="contracts.tasks.tend_signature_requests")
def tend_signature_requests(**kwargs: Any) -> None:
    """Remind those who have not signed, and close what has expired. Twice does no harm."""
    tending.expire_requests()
    tending.remind_customers()
