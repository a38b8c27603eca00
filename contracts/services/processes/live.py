"""Which items of a contract a process can be about, and why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from contracts.choices import EffectOutcome, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem, ContractProcess, ProcessItem
from contracts.services.processes.shapes import ProcessRefused
from premises.models import Premise

LIVE = (ItemStatus.COMPLETED, ItemStatus.ACCEPTED, ItemStatus.SENT)


T = TypeVar("T")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known_of_contracts", default=None)


@contextmanager
def looked_at_once() -> Iterator[None]:
    """Look at each contract once while this lasts: for reading, as what changes is not seen."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def _once(key: Any, read: Callable[[], T]) -> T:
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: T = known[key]
    return found


def live_items(contract: Contract, *, roles: Iterable[str] = ItemRole.values) -> list[ContractItem]:
    """Return the items that the ERP has, and that have no end yet, in their order."""
    rows = (
        contract.items.filter(status__in=LIVE, ends_on__isnull=True)
        .select_related("pod__premise__connection_object", "product", "contract__account")
        .order_by("position")
    )
    wanted = set(roles)
    found = _once(("items", contract.pk), lambda: list(rows))
    return [item for item in found if item.role in wanted]


def why_no_end(contract: Contract) -> str:
    """Say why a contract cannot be ended now; empty if it can."""
    return _once(("why", contract.pk), lambda: _why_no_end(contract))


def _why_no_end(contract: Contract) -> str:
    pending = ProcessItem.objects.filter(
        item__contract=contract, outcome=EffectOutcome.PENDING
    ).select_related("process")
    if other := pending.first():
        return _("%(process)s is still with the ERP.") % {"process": str(other.process)}
    if live_items(contract):
        return ""
    if contract.is_open_for_change:
        return _("It is not signed yet: take it back instead.")
    statuses = set(contract.items.values_list("status", flat=True))
    if statuses & {ItemStatus.COMPLETED}:
        return _("Its end is set already.")
    if statuses & {ItemStatus.QUEUED, ItemStatus.REJECTED, ItemStatus.BLOCKED}:
        return _("The ERP has not set it up yet.")
    return _("It has ended.")


def items_to_end(
    process: ContractProcess, contract: Contract, *, roles: Iterable[str] = ItemRole.values
) -> list[ContractItem]:
    """
    Return the items of a contract that a process ends; also those that it ended before a refusal.

    :raises ProcessRefused: if there are none
    """
    found = live_items(contract, roles=roles)
    known = {item.pk for item in found}
    found += [
        row.item
        for row in process.items.select_related(
            "item__pod__premise", "item__contract__account", "item__product"
        )
        if row.item_id not in known
        and row.item.contract_id == contract.pk
        and row.outcome == EffectOutcome.CONFIRMED
    ]
    if not found:
        raise ProcessRefused(
            why_no_end(contract) or _("Nothing of this contract can be ended."),
            code="CONTRACT_ENDED",
        )
    return found


def contract_of(process: ContractProcess) -> Contract:
    """
    Return the contract that a process is about.

    :raises ProcessRefused: if it is about none
    """
    if process.contract is None:
        raise ProcessRefused(_("Choose a contract."), code="CONTRACT_MISSING")
    return process.contract


def contracts_at(account_id: int, premise: Premise) -> list[Contract]:
    """Return an account's contracts at a premise that have something to end."""
    rows = (
        Contract.objects.filter(
            account_id=account_id,
            items__pod__premise=premise,
            items__status__in=LIVE,
            items__ends_on__isnull=True,
        )
        .distinct()
        .order_by("number")
    )
    return list(rows)


def chosen_contracts(process: ContractProcess, facts: Any) -> list[Contract]:
    """
    Return the contracts of the account that the facts name.

    :raises ProcessRefused: if none is named, or one is not the account's
    """
    wanted = [str(one) for one in facts.get("contracts") or ()]
    if not wanted and process.contract is not None:
        return [process.contract]
    rows = Contract.objects.filter(account=process.account, uuid__in=wanted)
    found = list(rows.select_related("account", "business_agreement").order_by("pk"))
    if not found or len(found) != len(set(wanted)):
        raise ProcessRefused(
            _("Choose at least one contract."), code="CONTRACT_MISSING", field="contracts"
        )
    return found
