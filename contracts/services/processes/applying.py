"""Doing a plan to contract items, and putting back what the ERP has refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import BusinessAgreement
from contracts.choices import EffectOutcome, ItemStatus, ProcessEffect
from contracts.models import ContractItem, ContractItemPrice, ContractProcess, ProcessItem
from contracts.services.processes.shapes import Effect, Plan, ProcessRefused
from contracts.services.processes.starting import start_items
from products.models import Product


def apply_plan(process: ContractProcess, plan: Plan) -> None:
    """
    Do what the plan says, and note what was before. All rows are locked by the caller.

    What the ERP has confirmed or still has from an earlier release is left alone.

    :raises ProcessRefused: if a point of delivery is taken at that time
    """
    try:
        with transaction.atomic():
            for effect in plan.effects:
                _apply(process, effect)
            for item in start_items(process, plan.starts):
                ProcessItem.objects.create(
                    process=process,
                    item=item,
                    effect=ProcessEffect.STARTS,
                    after={"starts_on": item.starts_on.isoformat()},
                )
    except IntegrityError as exc:
        if "contracts_item_no_overlap" not in str(exc):
            raise
        raise ProcessRefused(
            _("Another contract has the point of delivery at that time."),
            code="POD_TAKEN",
            field="effective_on",
        ) from exc


def _apply(process: ContractProcess, effect: Effect) -> None:
    item, after = effect.item, dict(effect.after)
    row = ProcessItem.objects.filter(process=process, item=item).first()
    if row is not None and row.outcome != EffectOutcome.REFUSED and row.after == after:
        return
    before = present(item, after)
    if row is None:
        ProcessItem.objects.create(
            process=process, item=item, effect=effect.effect, before=before, after=after
        )
    else:
        row.before, row.after, row.effect = before, after, effect.effect
        if row.outcome == EffectOutcome.CONFIRMED:
            row.before = {**before, **row.before}
        row.outcome = EffectOutcome.PENDING
        row.save(update_fields=["before", "after", "effect", "outcome", "updated_at"])
    write(item, after)


def restore(process: ContractProcess, item: ContractItem) -> None:
    """Put back what an item said before the process."""
    row = ProcessItem.objects.get(process=process, item=item)
    write(item, row.before)


def present(item: ContractItem, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item says now under the given keys, as JSON; always with its status."""
    found: dict[str, Any] = {"status": item.status}
    for key in keys:
        found[key] = _READERS[key](item)
    return found


def write(item: ContractItem, values: Mapping[str, Any]) -> None:
    """Write values, as JSON, into an item; the row is locked by the caller."""
    for key, value in values.items():
        if key in _WRITERS:
            _WRITERS[key](item, value)
    if "ends_on" in values:
        _write_end(item, values["ends_on"], status=values.get("status", ""))


def _write_end(item: ContractItem, value: str | None, *, status: str) -> None:
    ends_on = dt.date.fromisoformat(value) if value else None
    if status == ItemStatus.ENDED and item.status == ItemStatus.COMPLETED and ends_on:
        item.mark_ended(on=ends_on, at=timezone.now())
    elif item.status == ItemStatus.ENDED:
        # its end is to be undone; it is alive again until somebody says otherwise
        item.mark_reopened(ends_on=ends_on, at=timezone.now())
    elif item.ends_on != ends_on:
        item.schedule_end(ends_on)


def prices_of(item: ContractItem) -> list[dict[str, str]]:
    """Return the agreed prices of an item as JSON."""
    return [
        {
            "component": price.component,
            "rate_type": price.rate_type,
            "amount": str(price.amount),
            "agreed_amount": str(price.agreed_amount),
        }
        for price in item.prices.order_by("pk")
    ]


def _write_prices(item: ContractItem, prices: list[Mapping[str, Any]]) -> None:
    item.prices.all().delete()
    ContractItemPrice.objects.bulk_create(
        ContractItemPrice(
            item=item,
            component=price["component"],
            rate_type=price["rate_type"],
            amount=Decimal(price["amount"]),
            agreed_amount=Decimal(price["agreed_amount"]),
        )
        for price in prices
    )


def _write_term(item: ContractItem, months: int | None) -> None:
    item.term_months = months
    item.save_changes("term_months")


def _write_product(item: ContractItem, code: str) -> None:
    item.product = Product.objects.get(code=code) if code else None
    item.product_name = item.product.name if item.product else item.product_name
    item.save_changes("product", "product_name")


def _write_agreement(item: ContractItem, own: str) -> None:
    contract = item.contract
    contract.business_agreement = BusinessAgreement.objects.get(uuid=own) if own else None
    contract.save_changes("business_agreement")


def _agreement(item: ContractItem) -> str:
    agreement = item.contract.business_agreement
    return str(agreement.uuid) if agreement else ""


def _write_fixed_from(item: ContractItem, value: str | None) -> None:
    item.fixed_from = dt.date.fromisoformat(value) if value else None
    item.save_changes("fixed_from")


def _write_discount(item: ContractItem, percent: str) -> None:
    item.discount_percent = Decimal(percent)
    item.save_changes("discount_percent")


def _write_end_reason(item: ContractItem, code: str) -> None:
    item.end_reason = code
    item.save_changes("end_reason")


_READERS: dict[str, Any] = {
    "fixed_from": lambda item: item.fixed_from.isoformat() if item.fixed_from else None,
    "discount_percent": lambda item: format(item.discount_percent, "f"),
    "end_reason": lambda item: item.end_reason,
    "ends_on": lambda item: item.ends_on.isoformat() if item.ends_on else None,
    "term_months": lambda item: item.term_months,
    "product": lambda item: item.product.code if item.product else "",
    "prices": prices_of,
    "agreement": _agreement,
}
_WRITERS: dict[str, Any] = {
    "fixed_from": _write_fixed_from,
    "discount_percent": _write_discount,
    "end_reason": _write_end_reason,
    "term_months": _write_term,
    "product": _write_product,
    "prices": _write_prices,
    "agreement": _write_agreement,
}
