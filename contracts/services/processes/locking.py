"""Locks, always in the same order: the process, its contracts by key, their items by key."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.shapes import ProcessNotOpen


def lock_process(process: ContractProcess, *, version: int | None = None) -> ContractProcess:
    """
    Lock a process.

    :raises utilcrm.db.models.StaleVersion: if `version` is not the one stored
    """
    locked: ContractProcess = (
        ContractProcess.objects.select_for_update(of=("self",))
        .select_related("account", "contract", "premise")
        .get(pk=process.pk)
    )
    locked.require_version(version)
    return locked


def lock_draft(process: ContractProcess, *, version: int | None = None) -> ContractProcess:
    """
    Lock a process that is still being filled in, or that the ERP has refused.

    :raises ProcessNotOpen: if it was released or given up meanwhile
    :raises utilcrm.db.models.StaleVersion: if `version` is not the one stored
    """
    locked = lock_process(process)
    if not (locked.is_draft or locked.is_rejected):
        raise ProcessNotOpen(
            _("This process is no longer a draft: %(status)s.")
            % {"status": locked.get_status_display()},
            code="NOT_OPEN",
        )
    locked.require_version(version)
    return locked


def lock_items(item_ids: Iterable[int]) -> list[ContractItem]:
    """Lock contracts and items; return the items as they are now."""
    wanted = set(item_ids)
    contracts = _contracts(wanted)
    items = list(
        ContractItem.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    )
    for item in items:
        item.contract = contracts[item.contract_id]
    return items


def _contracts(item_ids: set[int]) -> dict[int, Contract]:
    ids = set(ContractItem.objects.filter(pk__in=item_ids).values_list("contract_id", flat=True))
    rows = (
        Contract.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("account")
        .order_by("pk")
    )
    return {contract.pk: contract for contract in rows}
