"""Starting a process, and keeping what is typed until it is released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account
from contracts.choices import ProcessKind, ProcessStatus
from contracts.models import Contract, ContractProcess
from contracts.services.processes.locking import lock_draft
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.telling import tell
from premises.models import Premise
from utilcrm import context
from utilcrm.db.numbering import next_number


@transaction.atomic
def start_process(
    *,
    kind: str,
    account: Account,
    actor: User,
    contract: Contract | None = None,
    premise: Premise | None = None,
    undo_of: ContractProcess | None = None,
    data: Mapping[str, Any] | None = None,
) -> ContractProcess:
    """
    Begin a process as a draft.

    An open draft of the same kind about the same contract and premise is given back instead, so
    that a colleague goes on where somebody stopped.

    :raises ProcessRefused: if the contract is another account's
    """
    if contract is not None and contract.account_id != account.pk:
        raise ProcessRefused(_("The contract belongs to another account."), code="WRONG_ACCOUNT")
    Account.objects.select_for_update().get(pk=account.pk)
    draft = (
        ContractProcess.objects.filter(
            kind=kind,
            account=account,
            contract=contract,
            premise=premise,
            undo_of=undo_of,
            status=ProcessStatus.DRAFT,
        )
        .order_by("-pk")
        .first()
    )
    if draft is not None:
        return draft
    process = ContractProcess.objects.create(
        number=next_number("contracts_process_number"),
        kind=ProcessKind(kind),
        account=account,
        contract=contract,
        premise=premise,
        undo_of=undo_of,
        data=dict(data or {}),
        started_by=actor,
        last_by=actor,
        interaction_uuid=context.current_interaction_uuid(),
    )
    tell("started", process, actor=actor)
    return process


@transaction.atomic
def keep_input(
    *,
    process: ContractProcess,
    step: str,
    typed: Mapping[str, Any],
    version: int | None,
    actor: User,
) -> ContractProcess:
    """
    Keep what was typed in a step, as typed; whether it is in order is asked at the release.

    :raises ProcessNotOpen: if it was released or given up meanwhile
    :raises utilcrm.db.models.StaleVersion: if a colleague has typed something meanwhile
    """
    locked = lock_draft(process)
    # What one types is kept while it is sent: one's own later version is no conflict.
    if locked.last_by_id != actor.pk:
        locked.require_version(version)
    if locked.data.get(step) != dict(typed):
        locked.keep(step, typed, by=actor)
    return locked
