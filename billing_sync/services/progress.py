"""The ERP's words on the set-up of a contract, told to the contract."""

from __future__ import annotations

import datetime as dt
import uuid

from billing_sync.services.metering import take_up_meter
from contracts.choices import StepStatus
from contracts.services import replication

_STATUS: dict[str, StepStatus] = {
    "IN_PROCESS": StepStatus.RUNNING,
    "SUCCEEDED": StepStatus.DONE,
    "FAILED": StepStatus.FAILED,
}


def complete(*, item_uuid: uuid.UUID, erp_number: str, meter_number: str = "") -> None:
    """
    Write that the ERP has set up everything for an item, its device info record included.

    :raises contracts.models.ContractItem.DoesNotExist: if the item is not ours
    """
    replication.mark_completed(item_uuid=item_uuid, erp_number=erp_number)
    if meter_number:
        take_up_meter(item_uuid=item_uuid, erp_number=meter_number)


def record_step(
    *,
    item_uuid: uuid.UUID,
    sequence: int,
    code: str,
    position: int,
    status: str,
    at: dt.datetime,
    note: str,
) -> bool:
    """
    Write down one step's state; an older word on the same step changes nothing.

    :raises contracts.models.ContractItem.DoesNotExist: if the item is not ours
    """
    return replication.record_step(
        item_uuid=item_uuid,
        code=code,
        position=position,
        status=_STATUS[status],
        at=at,
        detail=note,
        sequence=sequence,
    )
