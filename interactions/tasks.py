"""The timer of the wrap-up."""

from typing import Any

from celery import shared_task

from interactions.services import contacts


@shared_task(name="interactions.tasks.close_overdue_wrap_ups")
def close_overdue_wrap_ups(**kwargs: Any) -> None:
    """Close wrap-ups that were forgotten."""
    contacts.close_overdue_wrap_ups()
