"""What was changed here, field by field, until the ERP has confirmed it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Account, BusinessAgreement
from billing_sync.choices import ERP, PLANNING, MessageKind, ObjectType
from billing_sync.models import LocalEdit
from billing_sync.services.following import raw
from events.choices import DeliveryState
from events.models import Delivery
from events.services.telling import as_text

_KINDS: dict[str, tuple[str, str]] = {
    "account-changed": (ObjectType.BUSINESS_PARTNER, MessageKind.PARTNER_CHANGE),
    "agreement-changed": (ObjectType.CONTRACT_ACCOUNT, MessageKind.AGREEMENT_CHANGE),
}
_MODELS: dict[str, Any] = {
    ObjectType.BUSINESS_PARTNER: Account,
    ObjectType.CONTRACT_ACCOUNT: BusinessAgreement,
}


def note_edits(kind: str, fact: Mapping[str, Any]) -> None:
    """
    Note the fields that a fact says were changed, in the transaction that enqueues the message.

    :param fact: the event's payload with `fields` and `before`, the values they had, as texts
    """
    if kind not in _KINDS:
        return
    object_type, message_kind = _KINDS[kind]
    own = uuid.UUID(fact["subject_uuid"])
    before: Mapping[str, str] = fact.get("before") or {}
    shared = [name for name in fact.get("fields", ()) if name in raw.fields(object_type)]
    changed = [name for name in shared if name in before]
    if not changed:
        return
    record = _MODELS[object_type].objects.get(uuid=own)
    if not record.is_replicated:
        # the create message says it all
        return
    delivery = newest_message(message_kind, own)
    for name in changed:
        note_edit(
            object_type=object_type,
            subject_uuid=own,
            field=name,
            base=before[name],
            ours=as_text(getattr(record, name)),
            delivery_id=delivery.uuid if delivery else None,
            at=dt.datetime.fromisoformat(fact["occurred_at"]),
            by=str(fact.get("actor_label") or ""),
        )


def note_edit(
    *,
    object_type: str,
    subject_uuid: uuid.UUID,
    field: str,
    base: str,
    ours: str,
    delivery_id: uuid.UUID | None,
    at: dt.datetime,
    by: str,
) -> None:
    """Note one field; while an earlier edit of it is open, its base stays."""
    edit = LocalEdit.objects.filter(
        object_type=object_type, subject_uuid=subject_uuid, field=field
    ).first()
    if edit is None:
        edit = LocalEdit(object_type=object_type, subject_uuid=subject_uuid, field=field, base=base)
    elif edit.confirmed_at is not None:
        edit.base = base
    edit.ours, edit.delivery_id, edit.edited_at = ours, delivery_id, at
    edit.edited_by, edit.confirmed_at = by[:150], None
    edit.save()


@dataclass(frozen=True)
class Edit:
    """A field of ours that the ERP does not have yet."""

    field: str
    base: str
    ours: str
    at: dt.datetime | None
    by: str


def is_any_unplanned(object_type: str) -> bool:
    """Say whether a change of such a record waits for its message to be made."""
    return _unplanned(object_type).exists()


def unplanned_edits(
    object_type: str, subjects: Container[uuid.UUID]
) -> list[tuple[uuid.UUID, Edit]]:
    """
    Return what was changed here and is known from the fact alone, each field with its first base.

    The message to the ERP, and with it the note of the edit, is made a moment later, or much later
    when no worker runs. Until then an older state that the ERP tells must not win.
    """
    waiting = _unplanned(object_type).order_by("pk").values_list("payload", flat=True)
    facts = [(uuid.UUID(fact["subject_uuid"]), fact) for fact in waiting]
    facts = [(own, fact) for own, fact in facts if own in subjects]
    if not facts:
        return []
    records = _MODELS[object_type].objects.in_bulk({own for own, _fact in facts}, field_name="uuid")
    found: dict[tuple[uuid.UUID, str], Edit] = {}
    for own, fact in facts:
        for name, base in (fact.get("before") or {}).items():
            if name in raw.fields(object_type) and (own, name) not in found:
                found[own, name] = Edit(
                    name,
                    base,
                    as_text(getattr(records[own], name)),
                    dt.datetime.fromisoformat(fact["occurred_at"]),
                    str(fact.get("actor_label") or ""),
                )
    return [(own, edit) for (own, _name), edit in found.items()]


def _unplanned(object_type: str) -> QuerySet[Delivery]:
    kinds = [kind for kind, (code, _message) in _KINDS.items() if code == object_type]
    return Delivery.objects.filter(
        destination=PLANNING, kind__in=kinds, state=DeliveryState.PENDING
    )


def confirm_edits(*, kind: str, subject_uuid: uuid.UUID) -> None:
    """
    Note that the ERP has a record as it is here; nothing of it waits behind the confirmed message.

    An edit made since has a message of its own, which is still open.
    """
    object_type = next((code for code, message in _KINDS.values() if message == kind), None)
    if object_type is None:
        return
    still_open = Delivery.objects.filter(
        destination=ERP,
        kind=kind,
        payload__subject_uuid=str(subject_uuid),
        state__in=[DeliveryState.PENDING, DeliveryState.PARKED],
    ).exists()
    if not still_open:
        LocalEdit.objects.filter(
            object_type=object_type, subject_uuid=subject_uuid, confirmed_at__isnull=True
        ).update(confirmed_at=timezone.now())


def forget_confirmed(*, before: dt.datetime) -> int:
    """Delete edits that the ERP confirmed long ago; return how many."""
    count, _ = LocalEdit.objects.filter(confirmed_at__lt=before).delete()
    return count


def newest_message(kind: str, subject_uuid: uuid.UUID) -> Delivery | None:
    """Return the newest message of a kind about a record."""
    return (
        Delivery.objects.filter(destination=ERP, kind=kind, payload__subject_uuid=str(subject_uuid))
        .exclude(state__in=[DeliveryState.CANCELLED, DeliveryState.SUPERSEDED])
        .order_by("-pk")
        .first()
    )
