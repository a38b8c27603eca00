"""Processes for people: what is open, how old it is, and what a process did."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from contracts.models import Contract, ContractProcess, ProcessItem


def open_processes(*, viewer: Any) -> QuerySet[ContractProcess]:
    """Return what is not finished, as far as this person may see it."""
    rows: QuerySet[ContractProcess] = (
        ContractProcess.objects.visible_to(viewer)
        .open()
        .select_related("account", "contract", "premise__connection_object", "last_by")
    )
    return rows


def open_processes_of(contract: Contract) -> list[ContractProcess]:
    """Return what is not finished about one contract, the newest first."""
    rows = ContractProcess.objects.open().filter(contract=contract).select_related("last_by")
    about = ContractProcess.objects.open().filter(items__item__contract=contract)
    found = {process.pk: process for process in [*rows, *about.select_related("last_by")]}
    if contract.quotation is not None:
        drawn_up = ContractProcess.objects.open().filter(
            account=contract.account_id,
            data__offer__quotation=[str(contract.quotation.uuid)],
        )
        found |= {process.pk: process for process in drawn_up.select_related("last_by")}
    return [found[key] for key in sorted(found, reverse=True)]


def with_effects(rows: QuerySet[ContractProcess]) -> QuerySet[ContractProcess]:
    """Fetch what a process does, with the contracts it is about."""
    items = ProcessItem.objects.select_related(
        "item__contract", "item__pod__premise__connection_object"
    ).order_by("pk")
    return rows.prefetch_related(Prefetch("items", queryset=items))
