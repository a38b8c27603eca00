"""What processes in a contract's life send to the ERP, and what is called back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from billing_sync.choices import ERP, MessageKind
from billing_sync.services.commanding import (
    Command,
    Requirement,
    contract_lane,
    enqueue_command,
    payload_for,
    standing_command,
)
from contracts.choices import EffectOutcome, ItemStatus, ProcessEffect, ProcessKind
from contracts.models import ContractItem, ContractProcess, ProcessItem
from contracts.services.processes import answering, releasing
from contracts.services.processes.shapes import ProcessRefused
from events.models import Delivery
from events.services import mending
from events.services.handling import OUTCOME_UNKNOWN
from events.services.outbox import fingerprint

SendItem = Callable[[ContractItem, list[Requirement]], None]
_NOT_THERE_YET = (ItemStatus.BLOCKED, ItemStatus.QUEUED, ItemStatus.REJECTED)
_REASON = "process in the contract's life"


def change_command(row: ProcessItem) -> Command:
    """Return the command that carries what a process does to an item."""
    contract = row.item.contract
    return Command(
        MessageKind.CONTRACT_CHANGE, row.uuid, contract_lane(contract.uuid), contract.account.uuid
    )


def plan_process(process_uuid: uuid.UUID, *, send_item: SendItem) -> None:
    """
    Send one message for each item that ends or changes, and behind them the items that start.

    A message that the ERP had refused is mended and sent again at its place.
    """
    requires: list[Requirement] = []
    starts: list[ContractItem] = []
    for row in _pending(process_uuid):
        if row.effect == ProcessEffect.STARTS:
            # what waits for its signature is sent by that
            if row.item.status == ItemStatus.QUEUED:
                starts.append(row.item)
        elif not _was_called_back(row):
            message = _send_change(row)
            requires.append((message.destination, message.ordering_key, message.seq))
    for item in starts:
        send_item(item, requires)


def plan_process_stopped(process_uuid: uuid.UUID) -> None:
    """
    Call back what waits: what a refused process was to do after that, and all of one given up.

    The refused message itself keeps its place until then, for the mended one. What is under way at
    this moment stays; its answer finds nothing to do.
    """
    process = ContractProcess.objects.get(uuid=process_uuid)
    rows = process.items.select_related("item__contract__account").order_by("pk")
    for row in rows:
        if row.effect == ProcessEffect.STARTS:
            if row.item.status == ItemStatus.CANCELLED:
                _call_back(_create_command(row.item))
        elif row.outcome == EffectOutcome.REFUSED:
            waiting = standing_command(change_command(row))
            if not process.is_open or (waiting is not None and not waiting.is_parked):
                _call_back(change_command(row))


def take_up_again(process_item_uuid: uuid.UUID) -> None:
    """
    Release a refused process again, because somebody sends its message again.

    :raises events.services.mending.DeliveryNotStopped: if something stands against it now
    """
    row = ProcessItem.objects.select_related("process__last_by").get(uuid=process_item_uuid)
    if not row.process.is_rejected:
        return
    try:
        releasing.retry(process=row.process, actor=row.process.last_by)
    except ProcessRefused as exc:
        raise mending.DeliveryNotStopped(str(exc)) from exc


def _pending(process_uuid: uuid.UUID) -> list[ProcessItem]:
    rows = (
        ProcessItem.objects.filter(process__uuid=process_uuid, outcome=EffectOutcome.PENDING)
        .select_related(
            "process",
            "item__contract__account",
            "item__contract__business_agreement",
            "item__pod__premise__connection_object",
        )
        .order_by("pk")
    )
    return list(rows)


def _send_change(row: ProcessItem) -> Delivery:
    command = change_command(row)
    standing = standing_command(command)
    if standing is not None and standing.is_parked:
        return mending.retry(delivery=standing, actor=None, reason=_REASON)
    # one that waits may say what was asked for before a refusal, and was mended since
    if (
        standing is not None
        and standing.is_open
        and (_says(command, standing) or not _call_back(command))
    ):
        return standing
    return enqueue_command(command)


def _says(command: Command, waiting: Delivery) -> bool:
    now = payload_for(kind=command.kind, subject_uuid=command.subject_uuid)
    return fingerprint(now) == waiting.payload_sha256


def _was_called_back(row: ProcessItem) -> bool:
    """Withdrawn before the contract's own message has left: then the ERP never hears of it."""
    if row.process.kind != ProcessKind.WITHDRAWAL or row.item.erp_number:
        return False
    standing = standing_command(_create_command(row.item))
    if standing is not None and standing.is_open and not _call_back(_create_command(row.item)):
        return False
    if row.item.status not in _NOT_THERE_YET:
        return False
    answering.confirm_never_sent(process_item_uuid=row.uuid)
    return True


def _create_command(item: ContractItem) -> Command:
    contract = item.contract
    return Command(
        MessageKind.CONTRACT_CREATE, item.uuid, contract_lane(contract.uuid), contract.account.uuid
    )


def _call_back(command: Command) -> bool:
    """Give a message up that waits; False when it may be in the ERP, or was never there."""
    waiting = standing_command(command)
    if waiting is None or waiting.destination != ERP or not waiting.is_open:
        return False
    if waiting.is_parked and waiting.refusal_code == OUTCOME_UNKNOWN:
        return False
    try:
        mending.cancel(delivery=waiting, actor=None, reason=_REASON)
    except (mending.DeliveryNotStopped, mending.DeliveryUnderWay):
        return False
    return True
