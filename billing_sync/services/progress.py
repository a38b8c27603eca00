"""The ERP's words on the set-up of a contract, told to the contract."""

from __future__ import annotations

import datetime as dt
import uuid

from contracts.choices import StepStatus
from contracts.services import replication

_STATUS: dict[str, StepStatus] = {
    "IN_PROCESS": StepStatus.RUNNING,
    "SUCCEEDED": StepStatus.DONE,
    "FAILED": StepStatus.FAILED,
}


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
