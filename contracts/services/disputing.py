"""Contract items that say something else here than in the ERP, until somebody decides."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from contracts.choices import ITEM_TRANSITIONS, ItemStatus
from contracts.models import Contract, ContractItem
from products.models import Product
from utilcrm import clock


@transaction.atomic
def mark_conflicting(*, item_uuid: uuid.UUID) -> bool:
    """
    Say on an item that it differs from the ERP; one that is still on its way, or over, stays.

    :return: whether it says so now
    """
    contract, item = _lock(item_uuid)
    if item.status == ItemStatus.CONFLICT:
        return True
    if ItemStatus.CONFLICT not in ITEM_TRANSITIONS[item.status]:
        return False
    item.mark_conflicting(at=timezone.now())
    contract.refresh_status(list(contract.items.values_list("status", flat=True)))
    return True


@transaction.atomic
def mark_agreed(*, item_uuid: uuid.UUID) -> None:
    """Say that both sides agree again: the item runs, or has ended by now."""
    contract, item = _lock(item_uuid)
    if item.status != ItemStatus.CONFLICT:
        return
    has_ended = item.ends_on is not None and item.ends_on <= clock.today()
    item.mark_agreed(has_ended=has_ended, at=timezone.now())
    contract.refresh_status(list(contract.items.values_list("status", flat=True)))


@transaction.atomic
def take_end_from_erp(*, item_uuid: uuid.UUID, ends_on: dt.date | None) -> None:
    """Set the end that the ERP has; `ends_on` is the first day without the contract."""
    _contract, item = _lock(item_uuid)
    if item.ends_on != ends_on:
        item.schedule_end(ends_on)


@transaction.atomic
def take_product_from_erp(*, item_uuid: uuid.UUID, product_code: str) -> None:
    """Set the product that the ERP bills by; one that is not sold here is kept by its code."""
    _contract, item = _lock(item_uuid)
    product = Product.objects.filter(code=product_code).first()
    item.product, item.product_name = product, product.name if product else product_code[:80]
    item.save_changes("product", "product_name")


def _lock(item_uuid: uuid.UUID) -> tuple[Contract, ContractItem]:
    contract = Contract.objects.select_for_update(of=("self",)).get(items__uuid=item_uuid)
    item = ContractItem.objects.select_for_update().get(uuid=item_uuid)
    return contract, item
