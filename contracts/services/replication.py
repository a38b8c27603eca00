"""
What the ERP says about contract items: called by the wire, one function a word of the ERP.

Every function may be called twice with the same word, and a word that was overtaken by a later one
changes nothing. All lock the contract first and its item second.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from contracts.choices import TAKEN_OVER, ItemStatus
from contracts.models import Contract, ContractItem, ProcessingStep
from events.services import recording
from premises.services.serving import occupy_premise

_BEYOND_QUEUED = frozenset({ItemStatus.QUEUED, ItemStatus.SENT, ItemStatus.ACCEPTED})
_BEYOND_SENT = frozenset(
    {
        ItemStatus.SENT,
        ItemStatus.ACCEPTED,
        ItemStatus.COMPLETED,
        ItemStatus.REJECTED,
        ItemStatus.ENDED,
        ItemStatus.CONFLICT,
    }
)
_BEYOND_ACCEPTED = frozenset(
    {ItemStatus.ACCEPTED, ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.CONFLICT}
)
_BEYOND_COMPLETED = frozenset({ItemStatus.COMPLETED, ItemStatus.ENDED, ItemStatus.CONFLICT})


@transaction.atomic
def mark_queued(*, item_uuid: uuid.UUID | str) -> ContractItem:
    """
    Note that an item waits in the queue for the ERP.

    :raises utilcrm.states.IllegalTransition: if it is not signed, or in the ERP already
    """
    contract, item = _lock(item_uuid)
    if item.status in _BEYOND_QUEUED:
        return item
    item.mark_queued(at=timezone.now())
    _refresh(contract)
    _record("contracts.item.queued", contract, item)
    return item


@transaction.atomic
def mark_sent(*, item_uuid: uuid.UUID | str) -> ContractItem:
    """
    Note that the ERP has taken the message; what it makes of it follows.

    :raises utilcrm.states.IllegalTransition: if it was never queued
    """
    contract, item = _lock(item_uuid)
    if item.status in _BEYOND_SENT:
        return item
    item.mark_sent(at=timezone.now())
    _refresh(contract)
    _record("contracts.item.sent", contract, item)
    return item


@transaction.atomic
def mark_accepted(*, item_uuid: uuid.UUID | str, erp_number: str = "") -> ContractItem:
    """
    Note that the ERP has taken the contract and sets it up, step by step.

    :raises utilcrm.states.IllegalTransition: if it was never queued
    """
    contract, item = _lock(item_uuid)
    if item.status in _BEYOND_ACCEPTED:
        item.learn_erp_number(erp_number)
        return item
    item.mark_accepted(erp_number=erp_number, at=timezone.now())
    _refresh(contract)
    _record("contracts.item.accepted", contract, item, erp_number=item.erp_number)
    return item


@transaction.atomic
def mark_completed(*, item_uuid: uuid.UUID | str, erp_number: str = "") -> ContractItem:
    """
    Note that the ERP has set up everything for an item.

    When it was the last of its contract's, the contract is completed, and its customer welcome.

    :raises utilcrm.states.IllegalTransition: if it was never queued
    """
    contract, item = _lock(item_uuid)
    if item.status in _BEYOND_COMPLETED:
        return item
    now = timezone.now()
    item.mark_completed(erp_number=erp_number, at=now)
    statuses = _refresh(contract)
    live = statuses - {ItemStatus.CANCELLED}
    # who was taken over with a contract is welcome for long, whatever changes in it
    is_whole = (
        live <= {ItemStatus.COMPLETED, ItemStatus.ENDED}
        and contract.completed_at is None
        and contract.source not in TAKEN_OVER
    )
    if is_whole:
        contract.mark_completed(at=now)
    _occupy_premise(contract, item)
    _record("contracts.item.completed", contract, item, erp_number=item.erp_number)
    if is_whole:
        recording.record(
            "contracts.contract.completed",
            subject=contract,
            account_uuid=contract.account.uuid,
            payload={"contract_uuid": str(contract.uuid), "contract_number": contract.number},
        )
    return item


@transaction.atomic
def mark_rejected(
    *, item_uuid: uuid.UUID | str, code: str, field: str = "", text: str = ""
) -> ContractItem:
    """
    Note what the ERP does not like about an item, in plain words; a person mends it.

    :raises utilcrm.states.IllegalTransition: if the ERP has completed it already
    """
    contract, item = _lock(item_uuid)
    if item.is_rejected and (item.failure_code, item.failure_text) == (code, text):
        return item
    item.mark_rejected(code=code, field=field, text=text, at=timezone.now())
    _refresh(contract)
    _record("contracts.item.rejected", contract, item, code=code, field=field, text=text)
    return item


@transaction.atomic
def record_step(
    *,
    item_uuid: uuid.UUID | str,
    code: str,
    position: int,
    status: str,
    at: dt.datetime,
    detail: str = "",
    sequence: int = 0,
) -> bool:
    """
    Write down the ERP's word on one step of the set-up.

    :param status: one of :class:`contracts.choices.StepStatus`
    :return: False when a word with a higher sequence on this step is known already
    """
    contract, item = _lock(item_uuid)
    step = ProcessingStep.objects.select_for_update().filter(item=item, code=code).first()
    if step is not None and step.sequence >= sequence:
        return False
    ProcessingStep.objects.update_or_create(
        item=item,
        code=code,
        defaults={
            "position": position,
            "status": status,
            "at": at,
            "detail": detail,
            "sequence": sequence,
        },
    )
    _record("contracts.item.step_reported", contract, item, step=code, step_status=status)
    return True


def _lock(item_uuid: uuid.UUID | str) -> tuple[Contract, ContractItem]:
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(items__uuid=item_uuid)
    )
    item = ContractItem.objects.select_for_update().get(uuid=item_uuid)
    return contract, item


def _refresh(contract: Contract) -> set[str]:
    statuses = list(contract.items.values_list("status", flat=True))
    contract.refresh_status(statuses)
    return set(statuses)


def _occupy_premise(contract: Contract, item: ContractItem) -> None:
    """Say whose customer is supplied at the premise, by which it is seen from now on."""
    occupy_premise(
        premise=item.pod.premise,
        segment=contract.account.segment,
        account_id=contract.account_id,
    )


def _record(name: str, contract: Contract, item: ContractItem, **payload: Any) -> None:
    recording.record(
        name,
        subject=item,
        account_uuid=contract.account.uuid,
        payload={
            "contract_uuid": str(contract.uuid),
            "contract_number": contract.number,
            "item_uuid": str(item.uuid),
            "role": item.role,
            "division": item.division,
            **payload,
        },
    )
