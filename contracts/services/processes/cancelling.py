"""Giving a refused process up."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from contracts.choices import EffectOutcome, ProcessEffect, ProcessKind
from contracts.models import ContractProcess
from contracts.services.processes.drafting import start_process
from contracts.services.processes.locking import lock_draft
from contracts.services.processes.releasing import release
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.telling import tell


@transaction.atomic
def give_up(
    *, process: ContractProcess, version: int | None, reason: str, actor: User
) -> ContractProcess:
    """
    Give a draft or a refused process up. What the ERP has confirmed of it is taken back there.

    :raises ProcessRefused: if a part of it is still with the ERP
    :raises utilcrm.db.models.StaleVersion: if a colleague has changed it meanwhile
    """
    locked = lock_draft(process, version=version)
    rows = list(locked.items.all())
    if any(row.is_pending for row in rows):
        raise ProcessRefused(
            _("A part of this process is still with the ERP. Wait for its answer."),
            code="CONTRACT_LOCKED",
        )
    locked.mark_cancelled(by=actor, reason=reason, at=timezone.now())
    tell("cancelled", locked, actor=actor, reason=reason)
    done = [
        row
        for row in rows
        if row.outcome == EffectOutcome.CONFIRMED and row.effect == ProcessEffect.ENDS
    ]
    if done:
        _take_back(locked, actor=actor, reason=reason)
    return locked


def _take_back(process: ContractProcess, *, actor: User, reason: str) -> None:
    undo = start_process(
        kind=ProcessKind.UNDO,
        account=process.account,
        contract=process.contract,
        premise=process.premise,
        undo_of=process,
        actor=actor,
    )
    release(process=undo, facts={"note": reason}, version=None, actor=actor)
