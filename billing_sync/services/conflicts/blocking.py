"""When a change must not go up yet: somebody in the ERP changed the same record meanwhile."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from billing_sync.choices import ConflictStatus, MessageKind, ObjectType
from billing_sync.models import ChangeFeed, SyncConflict
from contracts.models import ProcessItem

CONFLICT_CODE = "CONFLICT"
"""Of a message that waits for a decision about a conflict."""

CHANGED_CODE = "OBJECT_CHANGED"
"""The ERP's refusal to change what one of its own people changed later than we knew."""

DISPUTED = _("The ERP has another value. Settle the conflict first.")

_TYPES: dict[str, str] = {
    MessageKind.PARTNER_CHANGE: ObjectType.BUSINESS_PARTNER,
    MessageKind.AGREEMENT_CHANGE: ObjectType.CONTRACT_ACCOUNT,
    MessageKind.CONTRACT_CHANGE: ObjectType.CONTRACT,
    MessageKind.CONTRACT_CORRECT: ObjectType.CONTRACT,
}


def open_conflict_of(kind: str, subject_uuid: uuid.UUID) -> SyncConflict | None:
    """Return a conflict about the record that a message would change."""
    object_type = _TYPES.get(kind)
    if object_type is None:
        return None
    own = subject_uuid
    if kind == MessageKind.CONTRACT_CHANGE:
        # such a message is about what a process does to an item
        own = ProcessItem.objects.values_list("item__uuid", flat=True).get(uuid=subject_uuid)
    return (
        SyncConflict.objects.filter(
            object_type=object_type, subject_uuid=own, status=ConflictStatus.OPEN
        )
        .order_by("pk")
        .first()
    )


def known_sequence(kind: str) -> int | None:
    """Return up to where the ERP's changes are known here, for a message that changes a record."""
    if kind not in _TYPES:
        return None
    return ChangeFeed.objects.values_list("position", flat=True).filter(name="erp").first()
