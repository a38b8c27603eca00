"""Start, stop and continue the initial download (A-03)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import DOWNLOAD, ObjectType
from billing_sync.models import DownloadCheckpoint, DownloadRun, ErpEndpoint
from billing_sync.services.following.polling import set_out
from billing_sync.services.paging import enqueue_next
from events.choices import DeliveryState
from events.models import Delivery
from events.services import mending, recording

PAGE_SIZE = 1000


class DownloadRunning(Exception):
    """A download is running already."""


class NoEndpoint(Exception):
    """There is no ERP to download from."""


@transaction.atomic
def start_download(*, actor: Any = None, page_size: int = PAGE_SIZE) -> DownloadRun:
    """
    Start a download of everything the ERP has; it goes on by itself until it is done.

    :param page_size: objects per page, 1 to 2000
    :raises DownloadRunning: while another one is running
    :raises NoEndpoint: if no ERP endpoint is active
    """
    if not ErpEndpoint.objects.filter(is_active=True).exists():
        raise NoEndpoint(_("Set up the ERP endpoint first."))
    set_out()
    try:
        with transaction.atomic():
            run = DownloadRun.objects.create(
                page_size=page_size, started_by_id=getattr(actor, "pk", None)
            )
    except IntegrityError as exc:
        raise DownloadRunning(_("A download is running already.")) from exc
    DownloadCheckpoint.objects.bulk_create(
        DownloadCheckpoint(run=run, position=position, object_type=object_type)
        for position, object_type in enumerate(ObjectType.values)
    )
    recording.record("billing_sync.download.started", subject=run, actor=actor)
    enqueue_next(run)
    return run


def start_download_if_never_done() -> DownloadRun | None:
    """Start the first download of a tenant; one that ran, or runs, is left alone."""
    return None if DownloadRun.objects.exists() else start_download()


@transaction.atomic
def cancel_download(*, run: DownloadRun, actor: Any = None) -> None:
    """Stop a running download behind the page it is at; what was loaded stays."""
    run = DownloadRun.objects.select_for_update().get(pk=run.pk)
    if not run.is_running:
        return
    run.mark_cancelled(at=timezone.now())
    recording.record("billing_sync.download.cancelled", subject=run, actor=actor)


@transaction.atomic
def continue_download(*, run: DownloadRun, actor: Any = None) -> bool:
    """
    Go on at the checkpoints after pages that stopped for a person.

    A run whose worker was killed goes on by itself.

    :return: whether there was anything to set going
    """
    stopped = list(
        Delivery.objects.filter(
            destination=DOWNLOAD, ordering_key__in=run.lanes, state=DeliveryState.PARKED
        )
    )
    for delivery in stopped:
        mending.retry(delivery=delivery, actor=actor, reason="download continued")
    return bool(stopped)
