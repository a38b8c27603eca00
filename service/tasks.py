"""Celery's side of service: what happens by the clock. Twice does no harm."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from service.services.answering import send_deadlock_letters
from service.services.closing import close_answered_cases
from service.services.escalating import escalate_due_cases
from service.services.promising import break_overdue_promises


@shared_task(name="service.tasks.watch_clocks")
def watch_clocks(**kwargs: Any) -> None:
    """Pass up what runs late, break what was not kept, write what is due, close what is over."""
    escalate_due_cases()
    break_overdue_promises()
    send_deadlock_letters()
    close_answered_cases()
