"""Celery's side of contracts: what happens by the clock."""

from typing import Any

from celery import shared_task

from contracts.services import tending
from contracts.services.processes import ends
from contracts.services.supplying import ask_for_all


@shared_task(name="contracts.tasks.tend_signature_requests")
def tend_signature_requests(**kwargs: Any) -> None:
    """Remind those who have not signed, and close what has expired. Twice does no harm."""
    tending.expire_requests()
    tending.remind_customers()


@shared_task(name="contracts.tasks.end_due_items")
def end_due_items(**kwargs: Any) -> None:
    """End the contracts whose last day is over. Twice does no harm."""
    ends.end_due_items()


@shared_task(name="contracts.tasks.find_supply")
def find_supply(**kwargs: Any) -> None:
    """Look at every contract's suppliers: fill what can be filled, tell what cannot."""
    ask_for_all()
