"""The doorbell: tells a worker after the commit that a lane may be due."""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import connection, transaction

from events.services.routing import Destination

logger = structlog.get_logger(__name__)


def nudge_after_commit(destination: Destination) -> None:
    """
    Ring for a destination once the running transaction has committed.

    A lost ring costs time, never a message: the sweep finds what is due.
    """
    # once per transaction and destination, however many messages it enqueues
    pending = {getattr(entry[1], "destination_name", None) for entry in connection.run_on_commit}
    if destination.name in pending:
        return

    def ring() -> None:
        nudge(destination=destination)

    ring.destination_name = destination.name  # type: ignore[attr-defined]
    transaction.on_commit(ring, robust=True)


def nudge(*, destination: Destination) -> None:
    """Ring now; a broker that does not answer is noted and otherwise ignored."""
    try:
        current_app.send_task(
            "events.tasks.drain",
            kwargs={"destination": destination.name},
            queue=destination.queue,
            retry=False,
            ignore_result=True,
            # the sweep rings again; a pile of old rings would only wake workers for nothing
            expires=60,
        )
    except Exception as exc:
        # Whatever is wrong with the broker: the work is committed and will be found.
        logger.warning("doorbell_failed", destination=destination.name, error=str(exc))
