"""The doorbell and the sweep. Any of these may be lost or run twice without harm."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from events.services.draining import TURN
from events.services.draining import drain as drain_destination
from events.services.forgetting import forget_inbox, forget_submissions
from events.services.retiring import drop_old_months
from events.services.retiring import retire as retire_tenant
from events.services.sweeping import sweep as sweep_tenant
from events.services.watching import watch as watch_tenant


@shared_task(name="events.tasks.drain")
def drain(*, destination: str, **kwargs: Any) -> None:
    """Deliver what is due at a destination of the tenant."""
    drain_destination(destination, budget=TURN)


@shared_task(name="events.tasks.sweep")
def sweep(**kwargs: Any) -> None:
    """Find what is due in the tenant, however it got lost, and ring for it."""
    sweep_tenant()


@shared_task(name="events.tasks.watch")
def watch(**kwargs: Any) -> None:
    """Notice what is wrong with the tenant's messages."""
    watch_tenant()


@shared_task(name="events.tasks.retire")
def retire(**kwargs: Any) -> None:
    """Take messages that are long done out of the way."""
    retire_tenant()
    drop_old_months()
    forget_submissions()
    forget_inbox()
