"""Keep what could not be loaded where a person sees it, and try it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from billing_sync.choices import SEARCH_TYPES, ObjectType, RejectStatus
from billing_sync.gateway.pages import key_of
from billing_sync.models import DownloadReject
from billing_sync.services.following.replacing import tell_replaced
from billing_sync.services.loading import load_objects
from billing_sync.services.searching import index_loaded
from utilcrm.db.staging import Reject, run

_CHUNK = 500


def note_rejects(
    object_type: str, objects: Iterable[Mapping[str, Any]], rejects: Iterable[Reject]
) -> int:
    """
    Write rejects down, and mark as resolved what was rejected before and is loaded now.

    :return: how many objects of this page were rejected
    """
    by_key = {key_of(object_type, dict(found)): found for found in objects}
    reasons: dict[str, Reject] = {}
    for reject in rejects:
        reasons.setdefault(reject.key, reject)
    now = timezone.now()
    DownloadReject.objects.bulk_create(
        [
            DownloadReject(
                object_type=object_type,
                erp_key=key,
                reason_code=reject.code,
                reason=str(reject.reason),
                payload=by_key.get(key, {}),
                last_tried_at=now,
            )
            for key, reject in reasons.items()
        ],
        update_conflicts=True,
        unique_fields=["object_type", "erp_key"],
        update_fields=["reason_code", "reason", "payload", "last_tried_at", "status"],
    )
    loaded = [key for key in by_key if key not in reasons]
    run(
        "UPDATE billing_sync_downloadreject SET status = %s, last_tried_at = %s"
        " WHERE object_type = %s AND erp_key = ANY(%s) AND status = %s",
        [RejectStatus.RESOLVED, now, object_type, loaded, RejectStatus.OPEN],
    )
    return len(reasons)


def retry_rejects(*, object_type: str = "") -> tuple[int, int]:
    """
    Try everything again that is open (of one type), parents first, without asking the ERP.

    :return: how many were loaded, and how many are still rejected
    """
    types = [t for t in ObjectType if t not in SEARCH_TYPES and object_type in ("", t)]
    loaded = still = 0
    for one in types:
        last = 0
        while chunk := _next_chunk(one, last):
            last = chunk[-1].pk
            good, bad = _retry(one, chunk)
            loaded += good
            still += bad
    return loaded, still


def _next_chunk(object_type: str, after: int) -> list[DownloadReject]:
    return list(
        DownloadReject.objects.filter(
            object_type=object_type, status=RejectStatus.OPEN, pk__gt=after
        ).order_by("pk")[:_CHUNK]
    )


@transaction.atomic
def _retry(object_type: str, rejects: list[DownloadReject]) -> tuple[int, int]:
    objects = [reject.payload for reject in rejects]
    result = load_objects(object_type, objects)
    still = note_rejects(object_type, objects, result.rejects)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_sync_downloadreject SET tries = tries + 1 WHERE id = ANY(%s)",
            [[reject.pk for reject in rejects]],
        )
    refused = {reject.key for reject in result.rejects}
    good = [found for found in objects if key_of(object_type, found) not in refused]
    tell_replaced(object_type, good)
    index_loaded(object_type, good)
    return len(rejects) - still, still
