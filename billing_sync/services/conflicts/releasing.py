"""Messages that the ERP refused because its own people were faster: they go again, brought up."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from billing_sync.choices import ERP
from billing_sync.services.conflicts.blocking import CHANGED_CODE, open_conflict_of
from events.choices import DeliveryState
from events.models import Delivery
from events.services import mending

_REASON = "the ERP's changes are known now"


def release_overtaken() -> int:
    """
    Send again, made anew, what was refused as overtaken and has no conflict open.

    Called behind a page of changes: the records here hold what the ERP's people did.

    :return: how many messages
    """
    waiting = Delivery.objects.filter(
        destination=ERP, state=DeliveryState.PARKED, refusal_code=CHANGED_CODE
    ).order_by("pk")
    return sum(_release(delivery) for delivery in _undisputed(waiting))


def _undisputed(waiting: Iterable[Delivery]) -> list[Delivery]:
    return [
        one
        for one in waiting
        if open_conflict_of(one.kind, uuid.UUID(one.payload["subject_uuid"])) is None
    ]


@transaction.atomic
def _release(delivery: Delivery) -> bool:
    try:
        mending.retry(delivery=delivery, actor=None, reason=_REASON)
    except mending.DeliveryNotStopped:
        return False
    return True
