"""A comparison that a person asks for runs in the background, as the one of the night does."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import ComparisonStatus
from billing_sync.models import Comparison
from billing_sync.services.comparing.running import ComparisonRunning, begin, compare

logger = structlog.get_logger(__name__)


@transaction.atomic
def ask_for_comparison(*, actor: Any) -> Comparison:
    """
    Begin a comparison, and ring for a worker.

    :raises ComparisonRunning: while another one runs
    """
    comparison = begin(actor=actor)
    transaction.on_commit(partial(_ring, comparison), robust=True)
    return comparison


def carry_out(comparison_uuid: str) -> None:
    """Carry a comparison out that was asked for; a second ring finds it done."""
    comparison = Comparison.objects.filter(
        uuid=comparison_uuid, status=ComparisonStatus.RUNNING
    ).first()
    if comparison is not None:
        compare(comparison)


def compare_tonight() -> None:
    """Compare both books, unless somebody has just asked for it."""
    with suppress(ComparisonRunning):
        compare(begin())


def _ring(comparison: Comparison) -> None:
    try:
        current_app.send_task(
            "billing_sync.tasks.compare_books",
            kwargs={"comparison_uuid": str(comparison.uuid)},
            queue="erp",
            retry=False,
            ignore_result=True,
        )
    except Exception as exc:
        # Whatever is wrong with the broker: nobody would begin it, so it must not seem to run.
        logger.warning("comparison_not_begun", error=str(exc))
        comparison.mark_failed(_("The queue does not answer. Try again."), at=timezone.now())
