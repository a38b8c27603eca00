"""One cycle: ask the ERP for what changed until nothing is left, a page at a time."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import ERP, DownloadStatus
from billing_sync.gateway.changes import ChangePage, changes_after
from billing_sync.gateway.client import ErpGateway, FailureKind, NoEndpoint, SoapFailure
from billing_sync.models import ChangeFeed, DownloadRun, ObjectVersion
from billing_sync.services.conflicts.releasing import release_overtaken
from billing_sync.services.following.applying import Overtaken, take_page
from billing_sync.services.following.asking import Pages
from events.services import circuit
from events.services.routing import destination_named

LEASE = dt.timedelta(seconds=20)
"""How long a worker that says nothing keeps others from going on."""

BUDGET = 120.0
"""Seconds after which a cycle ends, to be continued by the next."""


@dataclass(frozen=True)
class Cycle:
    """What came of a cycle."""

    pages: int = 0
    applied: int = 0
    trouble: str = ""
    was_busy: bool = False


def follow(*, page_size: int | None = None, budget: float = BUDGET) -> Cycle:
    """
    Bring everything here that changed in the ERP since the last cycle.

    May be killed at any time: what is not committed is asked for again. While a download runs
    nothing is done; its end leaves the position where its start found it. Nor is an ERP asked that
    is known to be away: each tenant's question would hold a worker for as long as it may wait.

    :param page_size: changes per transaction, 1 to 2000
    """
    if circuit.is_open(destination_named(ERP)):
        return Cycle(trouble=_("The ERP does not answer."))
    feed = _claim()
    if feed is None:
        return Cycle(was_busy=True)
    try:
        with Pages() as pages:
            size = page_size or settings.ERP_DELTA_PAGE
            return _run(feed, pages, size, time.monotonic() + budget)
    finally:
        ChangeFeed.objects.filter(pk=feed.pk).update(leased_until=None)


def set_out() -> None:
    """
    Remember where the ERP's log stands now, unless it is being followed already.

    Called before a download: what changes while it runs is told again afterwards.
    """
    feed, _is_new = ChangeFeed.objects.get_or_create(name="erp")
    if feed.position is None:
        try:
            page = changes_after(ErpGateway.of_tenant(), 0, size=1)
        except SoapFailure:
            return
        _begin(feed, page, at=page.last_sequence)


def _claim() -> ChangeFeed | None:
    if DownloadRun.objects.filter(status=DownloadStatus.RUNNING).exists():
        return None
    feed, _is_new = ChangeFeed.objects.get_or_create(name="erp")
    now = timezone.now()
    claimed = ChangeFeed.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now), pk=feed.pk
    ).update(leased_until=now + LEASE)
    return ChangeFeed.objects.get(pk=feed.pk) if claimed else None


def _run(feed: ChangeFeed, pages: Pages, size: int, deadline: float) -> Cycle:
    destination = destination_named(ERP)
    taken = applied = 0
    # Who numbers changes before committing them may commit them in another order: look back.
    looks_back = settings.ERP_DELTA_OVERLAP
    while time.monotonic() < deadline:
        position = feed.position
        begin = max(0, (position or 0) - looks_back)
        try:
            page = pages.after(begin, size=1 if position is None else size)
        except NoEndpoint:
            return Cycle(taken, applied)
        except SoapFailure as failure:
            feed.note_trouble(failure.text, at=timezone.now())
            if failure.kind in {FailureKind.NOT_APPLIED, FailureKind.UNKNOWN}:
                circuit.note_failure(destination, failure.text)
            return Cycle(taken, applied, trouble=failure.text)
        circuit.note_success(destination)
        feed.note_answer(at=timezone.now())
        if position is None or page.log_id != feed.log_id:
            # Without a download there is nothing that an earlier change could bring up to date.
            from_end = position is None and not DownloadRun.objects.exists()
            _begin(feed, page, at=page.last_sequence if from_end else 0)
            looks_back = 0
            continue
        pages.ask_behind(page, position, size=size)
        had = feed.applied
        try:
            feed = take_page(page, asked_from=position, leased_until=timezone.now() + LEASE)
        except Overtaken:
            return Cycle(taken, applied, was_busy=True)
        taken += 1
        applied += feed.applied - had
        looks_back = 0
        if page.is_last:
            break
    release_overtaken()
    return Cycle(taken, applied)


@transaction.atomic
def _begin(feed: ChangeFeed, page: ChangePage, *, at: int) -> None:
    """
    Begin to follow a log at a position.

    What happened between two logs is found by the comparison of both books.
    """
    is_other = feed.log_id not in {"", page.log_id}
    feed.begin_log(log_id=page.log_id, position=at)
    if is_other:
        # versions count from the start again
        ObjectVersion.objects.all().delete()
