"""What is done by the clock: mailboxes, the virus scanner, chats that nobody goes on with."""

from typing import Any

from celery import shared_task

from conversations.services import chatting, fetching, scanning


@shared_task(name="conversations.tasks.fetch_mail")
def fetch_mail(**kwargs: Any) -> None:
    """Take in what has arrived in the mailboxes."""
    fetching.fetch_all()


@shared_task(name="conversations.tasks.scan_files")
def scan_files(**kwargs: Any) -> None:
    """Show the virus scanner what came with messages."""
    scanning.scan_waiting()


@shared_task(name="conversations.tasks.end_silent_chats")
def end_silent_chats(**kwargs: Any) -> None:
    """End the chats in which nobody has said anything for long."""
    chatting.end_silent_chats()
