"""
What the ERP says about processes; called by the wire, one function a word.

Every function may be called twice with the same word, and out of order.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.choices import EffectOutcome, ItemStatus, ProcessEffect, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess, ProcessItem
from contracts.services.processes.applying import restore
from contracts.services.processes.ends import end_if_due
from contracts.services.processes.final_readings import put_readings_back
from contracts.services.processes.locking import lock_items, lock_process
from contracts.services.processes.registry import kind_of
from contracts.services.processes.starting import take_back
from contracts.services.processes.telling import tell


@transaction.atomic
def mark_sent(*, process_item_uuid: uuid.UUID | str) -> None:
    """Note that the ERP has the message about an item."""
    process, row, _item = _lock(process_item_uuid)
    if process.status == ProcessStatus.RELEASED and row.is_pending:
        process.mark_sent()
        tell("sent", process)


@transaction.atomic
def confirm(*, process_item_uuid: uuid.UUID | str) -> None:
    """Note that the ERP has done what was asked for an item; with the last one, the whole."""
    process, row, item = _lock(process_item_uuid)
    if not row.is_pending:
        return
    row.mark(EffectOutcome.CONFIRMED)
    if row.effect == ProcessEffect.ENDS:
        end_if_due(item)
    _refresh(item.contract)
    settle(process)


@transaction.atomic
def overrule(*, process_item_uuid: uuid.UUID | str, ends_on: dt.date | None) -> None:
    """
    Note that an item ends when the ERP says, while the rest of the process stays as it was asked.

    :param ends_on: the first day without the item, as both sides have it now
    """
    process, row, item = _lock(process_item_uuid)
    if not row.is_pending:
        return
    row.agree_on_end(ends_on)
    row.mark(EffectOutcome.CONFIRMED)
    if item.ends_on != ends_on:
        item.schedule_end(ends_on)
    end_if_due(item)
    _refresh(item.contract)
    settle(process)


@transaction.atomic
def confirm_started(*, item_uuid: uuid.UUID | str) -> None:
    """Note that a new item is set up; if a process has begun it, that part is done."""
    row = ProcessItem.objects.filter(
        item__uuid=item_uuid, effect=ProcessEffect.STARTS, outcome=EffectOutcome.PENDING
    ).first()
    if row is not None:
        confirm(process_item_uuid=row.uuid)


@transaction.atomic
def confirm_never_sent(*, process_item_uuid: uuid.UUID | str) -> None:
    """Note that an item was taken back before the ERP had heard of it."""
    process, row, item = _lock(process_item_uuid)
    if not row.is_pending:
        return
    row.mark(EffectOutcome.CONFIRMED)
    take_back(item)
    _refresh(item.contract, reason=process.reason or str(process))
    settle(process)


@transaction.atomic
def abandon(*, contract_uuid: uuid.UUID | str) -> None:
    """Note that a contract was taken back before its signature, which a move-in waited for."""
    rows = ProcessItem.objects.filter(
        item__contract__uuid=contract_uuid,
        effect=ProcessEffect.STARTS,
        outcome=EffectOutcome.PENDING,
    )
    for found in rows.order_by("pk"):
        process, row, item = _lock(found.uuid)
        if item.status != ItemStatus.CANCELLED or not row.is_pending:
            continue
        row.mark(EffectOutcome.REFUSED)
        if process.is_under_way:
            text = _("Contract %(number)s was taken back.") % {"number": item.contract.number}
            process.mark_rejected(code="CONTRACT_TAKEN_BACK", field="", text=text)
            tell("rejected", process, code="CONTRACT_TAKEN_BACK", text=text)


@transaction.atomic
def reject(
    *, process_item_uuid: uuid.UUID | str, code: str, field: str = "", text: str = ""
) -> None:
    """
    Note what the ERP does not like. The item is put back; what was to start is taken back.

    So are other items of its contract: their messages wait in the same lane, behind the refused
    one, and the ERP has not heard of them. A person mends the process and releases it again, or
    gives it up.
    """
    process, row, item = _lock(process_item_uuid)
    if not row.is_pending:
        return
    # first of all, for what was to start has the point of delivery that the old item takes back
    for started in process.items.filter(
        effect=ProcessEffect.STARTS, outcome=EffectOutcome.PENDING
    ).order_by("pk"):
        [new] = lock_items([started.item_id])
        take_back(new)
        if new.status == ItemStatus.CANCELLED:
            started.mark(EffectOutcome.REFUSED)
            _refresh(new.contract, reason=text or code)
    _put_back(process, row, item)
    for behind in _waiting_behind(process, item.contract):
        [other] = lock_items([behind.item_id])
        _put_back(process, behind, other)
    _refresh(item.contract)
    if process.status != ProcessStatus.REJECTED:
        process.mark_rejected(code=code, field=field, text=text)
    tell("rejected", process, code=code, field=field, text=text)


def settle(process: ContractProcess) -> None:
    """Confirm the process when nothing of it is open any more."""
    if not process.is_under_way:
        return
    rows = list(process.items.all())
    if any(row.is_pending for row in rows):
        return
    if any(
        row.outcome == EffectOutcome.REFUSED and row.effect != ProcessEffect.STARTS for row in rows
    ):
        return
    process.mark_confirmed(at=timezone.now())
    undone = process.undo_of
    if undone is not None and undone.status == ProcessStatus.CONFIRMED:
        undone = lock_process(undone)
        undone.mark_undone()
        for row in undone.items.select_related("process", "item__pod"):
            put_readings_back(row)
    tell("confirmed", process)


def _put_back(process: ContractProcess, row: ProcessItem, item: ContractItem) -> None:
    row.mark(EffectOutcome.REFUSED)
    (kind_of(process).restore or restore)(process, item)
    put_readings_back(row)


def _waiting_behind(process: ContractProcess, contract: Contract) -> list[ProcessItem]:
    rows = process.items.filter(outcome=EffectOutcome.PENDING, item__contract=contract)
    return list(rows.exclude(effect=ProcessEffect.STARTS).order_by("pk"))


def _lock(process_item_uuid: uuid.UUID | str) -> tuple[ContractProcess, ProcessItem, ContractItem]:
    found = ProcessItem.objects.select_related("process").get(uuid=process_item_uuid)
    process = lock_process(found.process)
    [item] = lock_items([found.item_id])
    return process, ProcessItem.objects.get(pk=found.pk), item


def _refresh(contract: Contract, *, reason: str = "") -> None:
    statuses = list(contract.items.values_list("status", flat=True))
    if set(statuses) == {ItemStatus.CANCELLED}:
        contract.mark_cancelled(reason=reason[:255] or "–")
        return
    contract.refresh_status(statuses)
