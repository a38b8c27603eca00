"""The clocks of the interaction centre: wrap-up, work that waits, people and calls gone silent."""

from typing import Any

from celery import shared_task

from interactions.services import calls, contacts
from interactions.services.work import offering, presence


@shared_task(name="interactions.tasks.close_overdue_wrap_ups")
def close_overdue_wrap_ups(**kwargs: Any) -> None:
    """Close wrap-ups that were forgotten."""
    contacts.close_overdue_wrap_ups()


@shared_task(name="interactions.tasks.distribute_work")
def distribute_work(**kwargs: Any) -> None:
    """Take in what waits, and offer it to who is there."""
    offering.distribute()


@shared_task(name="interactions.tasks.notice_silence")
def notice_silence(**kwargs: Any) -> None:
    """Send away who has not been heard of, and close calls that nobody has ended."""
    presence.notice_silence()
    calls.close_forgotten_calls()
