"""What was changed here is not overwritten: ours is held, and another value there is a conflict."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet

from billing_sync.choices import ConflictStatus, ObjectType
from billing_sync.gateway.changes import Change
from billing_sync.models import LocalEdit, SyncConflict
from billing_sync.services.conflicts.editing import Edit, is_any_unplanned, unplanned_edits
from billing_sync.services.conflicts.opening import Clash, open_conflicts
from billing_sync.services.conflicts.owning import owners_of
from billing_sync.services.following import raw
from contracts.choices import EffectOutcome, ProcessStatus
from contracts.models import ProcessItem
from utilcrm.db.staging import fetch

# A refused process has put its items back: what is there is what both sides had.
_UNDER_WAY = (ProcessStatus.RELEASED, ProcessStatus.SENT)
_SUBJECTS: dict[str, str] = {
    ObjectType.BUSINESS_PARTNER: "SELECT erp_number, uuid, id, id FROM accounts_account"
    " WHERE erp_number = ANY(%s) AND erp_number <> '' ORDER BY id FOR UPDATE",
    ObjectType.CONTRACT_ACCOUNT: "SELECT erp_number, uuid, account_id, id"
    " FROM accounts_businessagreement WHERE erp_number = ANY(%s) AND erp_number <> ''"
    " ORDER BY id FOR UPDATE",
    ObjectType.CONTRACT: "SELECT t.erp_number, t.uuid, c.account_id, t.id"
    " FROM contracts_contractitem t JOIN contracts_contract c ON c.id = t.contract_id"
    " WHERE t.erp_number = ANY(%s) AND t.erp_number <> '' ORDER BY t.id FOR UPDATE OF t",
}


@dataclass
class Held:
    """The objects as they may be loaded, by key, and how many conflicts came up."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    conflicts: int = 0


@dataclass(frozen=True)
class _Subject:
    uuid: Any
    account_id: int
    pk: int


def hold_back(object_type: str, changes: Iterable[Change], *, as_of: dt.datetime) -> Held:
    """
    Put our own values over the ERP's where ours are on their way up, or wait for a decision.

    Where the ERP has neither our value nor the one that both had, a conflict is opened. Runs in
    the caller's transaction.

    :param as_of: when the ERP told it; an edit that was confirmed later counts as open
    """
    offered = list(changes)
    held = Held({change.key: change.found for change in offered if not change.is_deleted})
    if not raw.fields(object_type):
        return held
    # Locked first: whoever edits one of them has committed, and is seen below, or comes after us.
    subjects = _subjects(object_type, held.objects)
    if not _is_anything_ours(object_type):
        return held
    edits = _edits(object_type, subjects, as_of)
    standing = _standing(object_type, subjects)
    if not edits and not standing:
        return held
    clashes: list[Clash] = []
    for change in offered:
        if change.key in edits or change.key in standing:
            found = held.objects.get(change.key)
            if found is not None:
                subject = subjects[change.key]
                try:
                    theirs = raw.values_of(object_type, found)
                except (KeyError, ValueError):
                    # not what was agreed: the load says so, and takes nothing of it
                    continue
                kept = _ours_of(edits.get(change.key, []), theirs)
                clashes += _clashes(change, edits.get(change.key, []), theirs, subject)
                kept |= _undecided(change, standing.get(change.key, []), theirs)
                held.objects[change.key] = raw.replaced(object_type, found, kept)
    held.conflicts = open_conflicts(clashes)
    return held


def _ours_of(edits: Iterable[Edit], theirs: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that stay as they were edited here."""
    return {edit.field: edit.ours for edit in edits if theirs[edit.field] != edit.ours}


def _clashes(
    change: Change, edits: Iterable[Edit], theirs: Mapping[str, str], subject: _Subject
) -> list[Clash]:
    """Return where the ERP's clerk wrote a third value."""
    if change.is_echo:
        return []
    owners = owners_of(change.object_type)
    return [
        Clash(
            object_type=change.object_type,
            erp_key=change.key,
            subject_uuid=subject.uuid,
            account_id=subject.account_id,
            field=edit.field,
            base=edit.base,
            ours=edit.ours,
            theirs=theirs[edit.field],
            our_at=edit.at,
            our_by=edit.by,
            their_at=change.at,
            their_by=change.by,
            owner=owners[edit.field],
        )
        for edit in edits
        if theirs[edit.field] not in {edit.ours, edit.base}
    ]


def _undecided(
    change: Change, standing: Iterable[SyncConflict], theirs: Mapping[str, str]
) -> dict[str, str]:
    """Return what stays as it is here until somebody decides; keep up with the ERP's clerk."""
    kept: dict[str, str] = {}
    for conflict in standing:
        told = theirs[conflict.field]
        kept[conflict.field] = conflict.ours
        if not change.is_echo and told not in {conflict.ours, conflict.theirs}:
            conflict.theirs, conflict.their_at, conflict.their_by = told, change.at, change.by
            conflict.save(update_fields=["theirs", "their_at", "their_by", "updated_at"])
    return kept


def _is_anything_ours(object_type: str) -> bool:
    """Tell whether there may be anything to hold back: most of the time there is not."""
    return (
        LocalEdit.objects.filter(object_type=object_type).exists()
        or SyncConflict.objects.filter(object_type=object_type, status=ConflictStatus.OPEN).exists()
        or (object_type == ObjectType.CONTRACT and _under_way().exists())
        or is_any_unplanned(object_type)
    )


def _under_way() -> QuerySet[ProcessItem]:
    return ProcessItem.objects.filter(process__status__in=_UNDER_WAY, outcome=EffectOutcome.PENDING)


def _subjects(object_type: str, keys: Iterable[str]) -> dict[str, _Subject]:
    rows = fetch(_SUBJECTS[object_type], [list(keys)])
    return {row[0]: _Subject(row[1], row[2], row[3]) for row in rows}


def _edits(
    object_type: str, subjects: Mapping[str, _Subject], as_of: dt.datetime
) -> dict[str, list[Edit]]:
    key_of = {subject.uuid: key for key, subject in subjects.items()}
    found: dict[str, list[Edit]] = defaultdict(list)
    if LocalEdit.objects.filter(object_type=object_type).exists():
        for edit in LocalEdit.objects.filter(
            Q(confirmed_at__isnull=True) | Q(confirmed_at__gt=as_of),
            object_type=object_type,
            subject_uuid__in=list(key_of),
        ):
            found[key_of[edit.subject_uuid]].append(
                Edit(edit.field, edit.base, edit.ours, edit.edited_at, edit.edited_by)
            )
    for own, new in unplanned_edits(object_type, key_of):
        noted = found[key_of[own]]
        older = next((one for one in noted if one.field == new.field), None)
        if older is not None:
            noted.remove(older)
        noted.append(replace(new, base=older.base) if older is not None else new)
    if object_type == ObjectType.CONTRACT:
        _add_processes(subjects, found)
    return found


def _add_processes(subjects: Mapping[str, _Subject], found: dict[str, list[Edit]]) -> None:
    """Add what processes under way have altered in items, before the ERP has confirmed it."""
    key_of = {subject.pk: key for key, subject in subjects.items()}
    for one in _under_way().filter(item_id__in=list(key_of)).select_related("process__last_by"):
        if "ends_on" in one.after:
            found[key_of[one.item_id]].append(
                Edit(
                    "ends_on",
                    one.before.get("ends_on") or "",
                    one.after["ends_on"] or "",
                    one.process.released_at,
                    str(one.process.last_by),
                )
            )


def _standing(object_type: str, subjects: Mapping[str, _Subject]) -> dict[str, list[SyncConflict]]:
    found: dict[str, list[SyncConflict]] = defaultdict(list)
    for conflict in SyncConflict.objects.filter(
        object_type=object_type, status=ConflictStatus.OPEN, erp_key__in=list(subjects)
    ):
        found[conflict.erp_key].append(conflict)
    return found
