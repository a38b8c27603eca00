"""Take one page of changes: one transaction, parents before children, told in the history."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import SEARCH_TYPES, DownloadStatus, ObjectType
from billing_sync.gateway import replication
from billing_sync.gateway.changes import Change, ChangePage
from billing_sync.gateway.pages import key_of
from billing_sync.models import ChangeFeed, DownloadRun
from billing_sync.services.following import holding, orphans
from billing_sync.services.following.indexing import index_changed
from billing_sync.services.following.replacing import tell_replaced
from billing_sync.services.following.telling import tell
from billing_sync.services.following.versions import take_newer
from billing_sync.services.following.watching import look
from billing_sync.services.loading import load_objects
from billing_sync.services.rejecting import note_rejects
from contracts.services.altering import TermsRow, take_over_terms
from utilcrm.db.staging import Loaded, Reject
from utilcrm.memory import collector_held

Objects = list[dict[str, Any]]
TYPES = tuple(one for one in ObjectType if one not in SEARCH_TYPES)


@dataclass
class Taken:
    """What came of a page."""

    applied: int = 0
    rejected: int = 0
    conflicts: int = 0
    keys: dict[str, set[str]] = field(default_factory=dict)


class Overtaken(Exception):
    """Somebody else took the page meanwhile, or a download has begun; nothing was done."""


@transaction.atomic
def take_page(
    page: ChangePage, *, asked_from: int | None, leased_until: dt.datetime | None = None
) -> ChangeFeed:
    """
    Load what is newer than ours, and move behind the page, all or nothing.

    :param asked_from: the feed's position when the page was asked for
    :param leased_until: until when whoever takes it is going on; None leaves it as it is
    :raises Overtaken: if the feed has moved, or a download runs
    """
    started = time.perf_counter()
    feed = ChangeFeed.objects.select_for_update().get(name="erp")
    if feed.position != asked_from or feed.log_id != page.log_id:
        raise Overtaken
    if DownloadRun.objects.filter(status=DownloadStatus.RUNNING).exists():
        raise Overtaken
    with collector_held():
        newer = take_newer(page.changes)
        taken = take(newer, as_of=page.as_of)
    # what was looked at again is no news, and not counted
    unread = [one for one in page.changes if one.sequence > (asked_from or 0)]
    known = {(one.object_type, one.key) for one in newer}
    feed.leased_until = leased_until or feed.leased_until
    feed.advance(
        position=page.next_sequence,
        last_sequence=page.last_sequence,
        read=len(unread),
        applied=taken.applied,
        stale=sum((one.object_type, one.key) not in known for one in unread),
        rejected=taken.rejected,
        seconds=time.perf_counter() - started,
    )
    return feed


def take(changes: list[Change], *, as_of: dt.datetime) -> Taken:
    """Load changes whose versions are known to be newer. Runs in the caller's transaction."""
    taken = Taken()
    with_rejects = orphans.types_waiting()
    for object_type in TYPES:
        of_type = [change for change in changes if change.object_type == object_type]
        waiting: Objects = []
        if object_type in with_rejects:
            waiting = orphans.waiting_for(
                object_type,
                taken.keys,
                [change.found for change in of_type if not change.is_deleted],
            )
        if of_type or waiting:
            _take_type(object_type, of_type, waiting, as_of, taken)
    return taken


def _take_type(
    object_type: str, changes: list[Change], waiting: Objects, as_of: dt.datetime, taken: Taken
) -> None:
    held = holding.hold_back(object_type, changes, as_of=as_of)
    taken.conflicts += held.conflicts
    present = {change.key: held.objects[change.key] for change in changes if not change.is_deleted}
    for found in waiting:
        present.setdefault(key_of(object_type, found), found)
    keys = [*present, *(change.key for change in changes if change.is_deleted)]
    before = look(object_type, keys)
    objects = list(present.values())
    loaded = load_whole(object_type, objects)
    taken.rejected += note_rejects(object_type, objects, loaded.rejects)
    refused = {reject.key for reject in loaded.rejects}
    good = {key: found for key, found in present.items() if key not in refused}
    after = look(object_type, good)
    tell(object_type, changes, before=before, after=after, at=timezone.now())
    tell_replaced(object_type, good.values(), changes)
    index_changed(object_type, good, before=before, after=after)
    taken.applied += len(good) + sum(change.is_deleted for change in changes)
    taken.keys[object_type] = set(good)


def load_whole(object_type: str, objects: Objects) -> Loaded:
    """Load objects; one that breaks a constraint is rejected alone, not with its page."""
    if not objects:
        return Loaded(0, 0, [])
    try:
        with transaction.atomic():
            loaded = load_objects(object_type, objects)
            if object_type == ObjectType.CONTRACT:
                take_over_terms(_terms(objects, {one.key for one in loaded.rejects}))
            with connection.cursor() as cursor:
                # What waits for the commit would take the whole page with it.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return loaded
    except (IntegrityError, DataError) as exc:
        if len(objects) == 1:
            key = key_of(object_type, objects[0])
            return Loaded(0, 0, [Reject(key, "CONFLICT", _reason(exc))])
        middle = len(objects) // 2
        first = load_whole(object_type, objects[:middle])
        return first.plus(load_whole(object_type, objects[middle:]))


def _reason(error: Exception) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    text = _("Another record stands in its way.")
    return f"{text} ({name})" if name else text


def _terms(objects: Objects, refused: set[str]) -> list[TermsRow]:
    rows = (
        replication.contract_row(found)
        for found in objects
        if found["UtilitiesContractID"] not in refused
    )
    return [
        TermsRow(row.erp_number, row.product_code, row.agreement_erp_number, row.starts_on)
        for row in rows
    ]
