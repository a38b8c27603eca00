"""What a page altered, written into the history of each record: who in the ERP, when, and what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.gateway.changes import Change
from billing_sync.services.following.watching import WATCHES, Seen, label_of, words_of
from events.services.telling import Fact, record_many

ACTOR = "ERP"
_SECRET = frozenset({"iban"})
_SHOWN_DIGITS = 4


def tell(
    object_type: str,
    changes: Iterable[Change],
    *,
    before: Mapping[str, Seen],
    after: Mapping[str, Seen],
    at: dt.datetime,
) -> int:
    """
    Record what differs between both looks, for each object under the name of the ERP's clerk.

    What we sent ourselves and comes back is no news.

    :return: how many records were altered or are new
    """
    watch = WATCHES.get(object_type)
    if watch is None:
        return 0
    facts: dict[str, list[Fact]] = defaultdict(list)
    for change in changes:
        if change.is_echo:
            continue
        was, now = before.get(change.key), after.get(change.key)
        seen = now or was
        if seen is None:
            continue
        altered: list[dict[str, Any]] = []
        if change.is_deleted:
            verb = "removed"
        elif was is None:
            verb = "added"
        else:
            verb = "altered"
            altered = _altered(object_type, was, seen)
            if not altered:
                continue
        facts[verb].append(_fact(watch.subject, seen, change, altered))
    return sum(
        record_many(f"{watch.noun}.{verb}_in_erp", told, occurred_at=at)
        for verb, told in facts.items()
    )


def _fact(subject: str, seen: Seen, change: Change, altered: list[dict[str, Any]]) -> Fact:
    return Fact(
        subject_type=subject,
        subject_id=seen.subject_id,
        subject_uuid=seen.subject_uuid,
        subject_label=seen.label,
        account_uuid=seen.account_uuid,
        actor_label=ACTOR,
        payload={
            "clerk": change.by,
            "changed_at": change.at.isoformat(),
            "erp_number": change.key,
            "version": change.version,
            "changes": altered,
        },
    )


def _altered(object_type: str, was: Seen, now: Seen) -> list[dict[str, Any]]:
    if was.values == now.values:
        return []
    return [
        alteration(object_type, field, old, new)
        for field, old, new in zip(WATCHES[object_type].fields, was.values, now.values, strict=True)
        if old != new
    ]


def alteration(object_type: str, field: str, before: str, after: str) -> dict[str, Any]:
    """Return one change of a field in the shape of `events.queries.describe_alterations`."""
    words = words_of(object_type, field)
    change: dict[str, Any] = {
        "field": field,
        "label": label_of(object_type, field),
        "before": words.get(before, _shown(field, before)),
        "after": words.get(after, _shown(field, after)),
    }
    return change | {"coded": True} if words else change


def _shown(field: str, text: str) -> str:
    """Keep secrets out of the history; the last digits tell one account from another."""
    return f"…{text[-_SHOWN_DIGITS:]}" if text and field in _SECRET else text
