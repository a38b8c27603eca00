"""The facts of a process, for the history and for whoever acts on them."""

from __future__ import annotations

from typing import Any

from django.db import models

from contracts.models import ContractProcess
from events.services import recording


def tell(
    verb: str, process: ContractProcess, *, actor: models.Model | None = None, **more: Any
) -> None:
    """Record `contracts.process.<verb>`; call it last in the transaction."""
    contract = process.contract
    recording.record(
        f"contracts.process.{verb}",
        subject=process,
        actor=actor,
        account_uuid=process.account.uuid,
        payload={
            "process_uuid": str(process.uuid),
            "process_number": process.number,
            "kind": process.kind,
            "contract_uuid": str(contract.uuid) if contract else "",
            # what happens to one contract is planned in its order
            "lane_uuid": str(contract.uuid if contract else process.uuid),
            "contract_number": contract.number if contract else "",
            "effective_on": process.effective_on.isoformat() if process.effective_on else "",
            **more,
        },
    )
