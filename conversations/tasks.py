"""The clock of the mailboxes."""

from typing import Any

from celery import shared_task

from conversations.services import fetching


@shared_task(name="conversations.tasks.fetch_mail")
def fetch_mail(**kwargs: Any) -> None:
    """Take in what has arrived in the mailboxes."""
    fetching.fetch_all()
