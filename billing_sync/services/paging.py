"""
The handler of the destination ``erp-download``: one message is one page.

The page is fetched outside any transaction; loading it, moving the checkpoint and enqueueing the
next page are one transaction with the end of the message. A run that is killed goes on behind the
last page that is in the database, and no page is loaded twice. Types that have nothing to do with
each other travel in two lanes, so that one page can be read while another is written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import DOWNLOAD, SEARCH_TYPES, STAGES, ObjectType
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.gateway.pages import Page, key_of
from billing_sync.models import DownloadCheckpoint, DownloadRun
from billing_sync.services.loading import load_objects
from billing_sync.services.outcomes import of_failure
from billing_sync.services.rejecting import note_rejects
from billing_sync.services.searching import index_accounts_after, index_premises_after
from events.services import recording
from events.services.handling import Done, Envelope, Handler, NotApplied, Outcome
from events.services.outbox import enqueue

_KIND = "download-page"


class PageHandler(Handler):
    """Fetches one page, then loads it."""

    kinds: ClassVar[Mapping[str, Any]] = {_KIND: _("Page of the download")}

    def __init__(self) -> None:
        self._page: Page | None = None

    def deliver(self, envelope: Envelope) -> Outcome:
        """Fetch the page; asking again is harmless, so no failure is ever of unknown outcome."""
        run = DownloadRun.objects.get(uuid=envelope.payload["run"])
        object_type = envelope.payload["object_type"]
        if not run.is_running or object_type in SEARCH_TYPES:
            return Done()
        try:
            self._page = ErpGateway.of_tenant().page(
                object_type=object_type, after=envelope.payload["after"], size=run.page_size
            )
        except SoapFailure as failure:
            if failure.kind is FailureKind.UNKNOWN:
                return NotApplied(failure.text)
            return of_failure(failure)
        return Done()

    def query(self, envelope: Envelope) -> Outcome:
        """Fetch the page again, after the worker died."""
        return self.deliver(envelope)

    def probe(self) -> bool:
        """Say whether the ERP answers again."""
        try:
            ErpGateway.of_tenant().system_information(timeout=3)
        except SoapFailure:
            return False
        return True

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Load the page, move the checkpoint, and ask for the next page."""
        run = DownloadRun.objects.get(uuid=envelope.payload["run"])
        if not run.is_running:
            return
        # Not the run: another chain's page is loaded at the same time.
        checkpoint = run.checkpoints.select_for_update().get(
            object_type=envelope.payload["object_type"]
        )
        if checkpoint.object_type in SEARCH_TYPES:
            _index(checkpoint, size=run.page_size)
        elif self._page is not None:
            _load(checkpoint, self._page)
        enqueue_next(run, behind=checkpoint.object_type)


def enqueue_next(run: DownloadRun, *, behind: str = "") -> None:
    """
    Enqueue the page that follows one of type `behind` in its chain.

    The last page of a stage lets all chains of the next one begin, and the last of all finishes the
    run. Without `behind`, the first stage begins.
    """
    run = DownloadRun.objects.select_for_update().get(pk=run.pk)
    if not run.is_running:
        return
    waiting = {one.object_type: one for one in run.checkpoints.filter(is_done=False)}
    if not waiting:
        _finish(run)
        return
    stage = next(chains for chains in STAGES if any(waiting.keys() & {*each} for each in chains))
    is_under_way = any(behind in chain for chain in stage)
    for lane, chain in zip(run.lanes, stage, strict=False):
        checkpoint = next((waiting[code] for code in chain if code in waiting), None)
        # The other chains of a stage that is under way have messages of their own.
        if checkpoint is not None and (behind in chain or not is_under_way):
            _enqueue(run, checkpoint, lane=lane)


def _finish(run: DownloadRun) -> None:
    run.mark_done(at=timezone.now())
    totals = list(run.checkpoints.all())
    recording.record(
        "billing_sync.download.completed",
        subject=run,
        payload={
            "seen": sum(one.seen for one in totals),
            "created": sum(one.created for one in totals),
            "rejected": sum(one.rejected for one in totals),
        },
    )


def _enqueue(run: DownloadRun, checkpoint: DownloadCheckpoint, *, lane: str) -> None:
    enqueue(
        destination=DOWNLOAD,
        ordering_key=lane,
        kind=_KIND,
        payload={
            "run": str(run.uuid),
            "object_type": checkpoint.object_type,
            "after": checkpoint.last_key,
        },
    )


def _load(checkpoint: DownloadCheckpoint, page: Page) -> None:
    started = time.perf_counter()
    loaded = load_objects(page.object_type, page.objects)
    rejected = note_rejects(page.object_type, page.objects, loaded.rejects)
    last_key = key_of(page.object_type, page.objects[-1]) if page.objects else checkpoint.last_key
    checkpoint.advance(
        last_key=page.next_key or last_key,
        total=page.total,
        seen=len(page.objects),
        created=loaded.created,
        updated=loaded.updated,
        rejected=rejected,
        is_done=page.is_last,
        load_seconds=time.perf_counter() - started,
    )


def _index(checkpoint: DownloadCheckpoint, *, size: int) -> None:
    started = time.perf_counter()
    index = (
        index_accounts_after
        if checkpoint.object_type == ObjectType.SEARCH_ACCOUNTS
        else index_premises_after
    )
    last, count = index(int(checkpoint.last_key or 0), size)
    seen = checkpoint.seen + count
    checkpoint.advance(
        last_key=str(last) if last else checkpoint.last_key,
        # how many there are is not counted: tables grow
        total=seen if count < size else max(checkpoint.total or _expected(checkpoint), seen),
        seen=count,
        created=0,
        updated=0,
        rejected=0,
        is_done=count < size,
        load_seconds=time.perf_counter() - started,
    )


def _expected(checkpoint: DownloadCheckpoint) -> int:
    """Return how many objects of the kind were read in this run."""
    source = (
        ObjectType.BUSINESS_PARTNER
        if checkpoint.object_type == ObjectType.SEARCH_ACCOUNTS
        else ObjectType.PREMISE
    )
    return checkpoint.run.checkpoints.get(object_type=source).seen
