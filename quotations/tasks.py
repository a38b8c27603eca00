"""What runs by the clock."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from quotations.services import expiring


@shared_task(name="quotations.tasks.expire_quotations")
def expire_quotations(**kwargs: Any) -> None:
    """Expire the tenant's offers whose binding period has ended."""
    expiring.expire_quotations()
