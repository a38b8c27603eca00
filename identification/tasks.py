"""What runs by the clock."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from identification.services import recounting


@shared_task(name="identification.tasks.recount_words")
def recount_words(**kwargs: Any) -> None:
    """Put the counts of the tenant's words right."""
    recounting.recount_words()
