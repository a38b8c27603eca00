"""Settle a conflict about a contract: its end, its product, what it is expected to use."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from access.models import User
from billing_sync.choices import ConflictStatus, MessageKind, ObjectType
from billing_sync.models import SyncConflict
from billing_sync.services.commanding import Command, contract_lane, enqueue_command
from billing_sync.services.conflicts.blocking import CONFLICT_CODE
from billing_sync.services.conflicts.editing import newest_message
from contracts.choices import EffectOutcome, ProcessEffect
from contracts.models import ContractItem, ProcessItem
from contracts.services.disputing import (
    mark_agreed,
    take_end_from_erp,
    take_product_from_erp,
)
from contracts.services.processes import answering
from contracts.services.processes.cancelling import give_up
from events.services import mending


class StillUnderWay(Exception):
    """The message with our value is on its way; what it says cannot be taken back now."""


def settle_item(conflict: SyncConflict, take: str, actor: User) -> None:
    """
    Take one side's value for an item, and let the process that disagreed go on or end.

    :raises StillUnderWay: if the ERP is just being told ours
    :raises contracts.services.processes.shapes.ProcessRefused: if the process cannot be given up
    """
    item = ContractItem.objects.select_related("contract__account").get(uuid=conflict.subject_uuid)
    row = (
        ProcessItem.objects.filter(item=item, outcome=EffectOutcome.PENDING)
        .select_related("process")
        .order_by("-pk")
        .first()
    )
    if _is_last(conflict):
        mark_agreed(item_uuid=item.uuid)
    if take == ConflictStatus.OURS:
        if row is not None:
            _send_again(row)
        else:
            contract = item.contract
            lane = contract_lane(contract.uuid)
            enqueue_command(
                Command(MessageKind.CONTRACT_CORRECT, item.uuid, lane, contract.account.uuid)
            )
        return
    if row is not None and conflict.field == "ends_on" and _has_other_ends(row):
        _overrule(row, ends_on=_end_of(conflict))
        return
    if row is not None:
        _end_process(row, actor)
    if conflict.field == "ends_on":
        take_end_from_erp(item_uuid=item.uuid, ends_on=_end_of(conflict))
    elif conflict.field == "product_name":
        take_product_from_erp(item_uuid=item.uuid, product_code=conflict.theirs)


def _is_last(conflict: SyncConflict) -> bool:
    others = SyncConflict.objects.filter(
        object_type=ObjectType.CONTRACT,
        subject_uuid=conflict.subject_uuid,
        status=ConflictStatus.OPEN,
    )
    return not others.exclude(pk=conflict.pk).exists()


def _send_again(row: ProcessItem) -> None:
    waiting = newest_message(MessageKind.CONTRACT_CHANGE, row.uuid)
    if waiting is not None and waiting.is_parked:
        mending.retry(delivery=waiting, actor=None, reason="conflict settled")


def _end_of(conflict: SyncConflict) -> dt.date | None:
    return dt.date.fromisoformat(conflict.theirs) if conflict.theirs else None


def _has_other_ends(row: ProcessItem) -> bool:
    """Tell whether the same process ends another contract, which nobody disagrees about."""
    others = row.process.items.exclude(pk=row.pk).exclude(outcome=EffectOutcome.REFUSED)
    return row.effect == ProcessEffect.ENDS and others.filter(effect=ProcessEffect.ENDS).exists()


def _overrule(row: ProcessItem, *, ends_on: dt.date | None) -> None:
    """Let the ERP's end count for this contract, and the process go on with the others."""
    waiting = newest_message(MessageKind.CONTRACT_CHANGE, row.uuid)
    if waiting is not None and waiting.is_open:
        try:
            mending.cancel(delivery=waiting, actor=None, reason="conflict settled")
        except mending.DeliveryUnderWay as exc:
            raise StillUnderWay(
                _("Our value is on its way to the ERP just now. Try again in a moment.")
            ) from exc
    answering.overrule(process_item_uuid=row.uuid, ends_on=ends_on)


def _end_process(row: ProcessItem, actor: User) -> None:
    """Put back what the process did here, and give it up: the ERP's word counts."""
    reason = _("The ERP's value was taken.")
    answering.reject(process_item_uuid=row.uuid, code=CONFLICT_CODE, text=reason)
    give_up(process=row.process, version=None, reason=reason, actor=actor)
