"""Write conflicts down, each once, where agents and the back office see them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from billing_sync.choices import ConflictStatus, ObjectType
from billing_sync.models import SyncConflict
from contracts.services.disputing import mark_conflicting
from events.services import recording


class Clash(NamedTuple):
    """A field with two truths, before it is written down."""

    object_type: str
    erp_key: str
    subject_uuid: uuid.UUID
    account_id: int
    field: str
    base: str
    ours: str
    theirs: str
    our_at: dt.datetime | None
    our_by: str
    their_at: dt.datetime | None
    their_by: str
    owner: str


def open_conflicts(clashes: Iterable[Clash]) -> int:
    """
    Open a conflict for each clash, or bring the open one up to date. In the caller's transaction.

    :return: how many are new
    """
    return sum(_open(clash) for clash in clashes)


def _open(clash: Clash) -> bool:
    values = clash._asdict()
    identity = {name: values.pop(name) for name in ("object_type", "erp_key", "field")}
    conflict, is_new = SyncConflict.objects.update_or_create(
        **identity, status=ConflictStatus.OPEN, defaults=values
    )
    if is_new:
        recording.record(
            "billing_sync.conflict.opened",
            subject=conflict,
            account_uuid=conflict.account.uuid,
            payload={"field": clash.field, "erp_number": clash.erp_key, "clerk": clash.their_by},
        )
        if clash.object_type == ObjectType.CONTRACT:
            mark_conflicting(item_uuid=clash.subject_uuid)
    return is_new
