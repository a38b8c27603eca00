"""New contract items that a process begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.services.indexing import index_account
from contracts.choices import BlockReason, ItemRole, ItemStatus
from contracts.models import (
    Contract,
    ContractItem,
    ContractItemPrice,
    ContractItemRegister,
    ContractProcess,
)
from contracts.services.legs import link_items, unlink_item
from contracts.services.processes.opening_prices import opening_prices
from contracts.services.processes.shapes import NewItem
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.db.numbering import next_number

_COPIED = (
    "role",
    "product",
    "product_name",
    "division",
    "term_months",
    "expected_annual_kwh",
    "discount_percent",
    "meter_serial",
    "rate",
    "service_provider",
    "grid_tariff",
)


def start_items(process: ContractProcess, wanted: Iterable[NewItem]) -> list[ContractItem]:
    """
    Make items, queued for the ERP: the customer's consent is recorded with the process.

    New items that are like items of one contract go into one new contract.
    """
    made: dict[int, Contract] = {}
    items = []
    # the supply comes first, so that the use of the grid can name it
    for new in sorted(wanted, key=lambda one: one.like.role != ItemRole.SUPPLY):
        contract = new.contract or made.get(new.like.contract_id)
        if contract is None:
            contract = made[new.like.contract_id] = _make_contract(process, new)
        items.append(_make_item(contract, new))
    for contract in {item.contract.pk: item.contract for item in items}.values():
        contract.refresh_status(list(contract.items.values_list("status", flat=True)))
    if made:
        index_account(
            process.account,
            contract_numbers=Contract.objects.filter(account=process.account).values_list(
                "number", flat=True
            ),
        )
    return items


def _make_contract(process: ContractProcess, new: NewItem) -> Contract:
    profile = current_profile()
    contract = Contract.objects.create(
        number=next_number("contracts_contract_number"),
        account=new.account or process.account,
        business_agreement=new.agreement or new.like.contract.business_agreement,
        currency=new.like.contract.currency or profile.currency,
    )
    now = timezone.now()
    until = clock.local_date(now) + dt.timedelta(days=profile.withdrawal_days)
    contract.mark_signed(at=now, withdrawal_until=until)
    return contract


def _make_item(contract: Contract, new: NewItem) -> ContractItem:
    like = new.like
    facts: dict[str, Any] = {name: getattr(like, name) for name in _COPIED}
    if new.meter is not None:
        facts |= {"meter_serial": new.meter.serial, "rate": new.meter.rate}
    position = contract.items.count() + 1
    item = ContractItem.objects.create(
        contract=contract,
        position=position,
        pod=new.pod,
        starts_on=new.starts_on,
        move_in=new.move_in,
        **{**facts, **new.changes},
    )
    _copy_prices(item, new)
    link_items(item, moved=new.pod.pk != like.pod_id)
    _copy_registers(item, new)
    now = timezone.now()
    item.mark_blocked(reason=BlockReason.SIGNATURE, at=now)
    item.mark_queued(at=now)
    return item


def _copy_prices(item: ContractItem, new: NewItem) -> None:
    rows: list[dict[str, Any]]
    if new.prices is None:
        rows = opening_prices(new)
    else:
        rows = [
            {**price, **{key: Decimal(price[key]) for key in ("amount", "agreed_amount")}}
            for price in new.prices
        ]
    ContractItemPrice.objects.bulk_create(ContractItemPrice(item=item, **row) for row in rows)


def _copy_registers(item: ContractItem, new: NewItem) -> None:
    if new.meter is None:
        return
    ContractItemRegister.objects.bulk_create(
        ContractItemRegister(
            item=item,
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
            move_in_reading=register.reading,
        )
        for register in new.meter.registers
    )


def take_back(item: ContractItem) -> None:
    """Take a new item back that has not reached the ERP; its point of delivery is free again."""
    if item.status in {ItemStatus.QUEUED, ItemStatus.REJECTED, ItemStatus.BLOCKED}:
        item.mark_cancelled(at=timezone.now())
        unlink_item(item)
