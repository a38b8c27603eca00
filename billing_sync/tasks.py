"""Celery's side of the wire to the ERP: what happens by the clock. Twice does no harm."""

from __future__ import annotations

import datetime as dt
from typing import Any

from celery import shared_task
from django.utils import timezone

from billing_sync.queries import active_endpoint
from billing_sync.services.conflicts import editing
from billing_sync.services.following import polling

_KEEP_CONFIRMED = dt.timedelta(days=1)


@shared_task(name="billing_sync.tasks.follow_erp")
def follow_erp(**kwargs: Any) -> None:
    """Bring what changed in the ERP, if there is one."""
    if active_endpoint() is not None:
        polling.follow()


@shared_task(name="billing_sync.tasks.forget_edits")
def forget_edits(**kwargs: Any) -> None:
    """Forget which edits the ERP confirmed long ago."""
    editing.forget_confirmed(before=timezone.now() - _KEEP_CONFIRMED)
