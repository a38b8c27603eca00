"""What product changes, price changes and renewals have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.choices import ItemRole, Severity
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import check_end, check_limits, shown
from contracts.services.processes.live import contract_of, items_to_end, why_no_end
from contracts.services.processes.registry import Facts
from contracts.services.processes.shapes import Plan, ProcessRefused
from products.models import Product
from products.queries.costing import PriceLine
from products.queries.pricing import NoPrice, price_lines

SUPPLY = (ItemRole.SUPPLY,)


def supplies_of(process: ContractProcess, facts: Facts) -> list[ContractItem]:
    """
    Return the supplies that the process is about: those named in the facts, else all.

    :raises ProcessRefused: if there are none
    """
    found = items_to_end(process, contract_of(process), roles=SUPPLY)
    wanted = {str(one) for one in facts.get("items") or ()}
    chosen = [item for item in found if not wanted or str(item.uuid) in wanted]
    if not chosen:
        raise ProcessRefused(_("Choose at least one premise."), code="ITEM_MISSING", field="items")
    return chosen


def why_no_supply(contract: Contract) -> str:
    """Say why the supply of a contract cannot be changed now; empty if it can."""
    why = why_no_end(contract)
    if not why and not contract.items.filter(role=ItemRole.SUPPLY, ends_on__isnull=True).exists():
        return _("Its supply has ended already.")
    return why


def product_named(code: str, *, field: str) -> Product:
    """
    Return a product that the ERP can make contracts of.

    :raises ProcessRefused: if it is unknown, or has no master-data template
    """
    product = Product.objects.filter(code=code).first()
    if product is None:
        raise ProcessRefused(_("Choose a product."), code="PRODUCT_MISSING", field=field)
    if not product.master_data_template:
        raise ProcessRefused(
            _("%(product)s has no master-data template: the ERP cannot make a contract of it.")
            % {"product": product.name},
            code="MDT_MISSING",
            field=field,
        )
    return product


def list_prices(
    item: ContractItem,
    product: Product,
    *,
    term_months: int,
    day: dt.date,
    discount: Decimal = Decimal(0),
    field: str,
) -> tuple[PriceLine, ...]:
    """
    Return what the price list says for an item from a day on.

    :raises ProcessRefused: if the list has no complete price
    """
    try:
        return price_lines(
            product_id=product.pk,
            term_months=term_months,
            day=day,
            rate=item.rate,
            discount_percent=discount,
        )
    except NoPrice as exc:
        raise ProcessRefused(
            _("%(product)s has no price for %(months)s months from %(day)s on.")
            % {"product": product.name, "months": term_months, "day": shown(day)},
            code="PRICE_MISSING",
            field=field,
        ) from exc


def as_prices(lines: Iterable[PriceLine]) -> list[dict[str, str]]:
    """Return price lines as a process keeps them."""
    return [
        {
            "component": line.component,
            "rate_type": line.rate_type,
            "amount": str(line.amount),
            "agreed_amount": str(line.agreed),
        }
        for line in lines
    ]


def check_change(plan: Plan, *, field: str) -> list[Finding]:
    """Find what stands against changing these items from that day on."""
    items = [effect.item for effect in plan.effects]
    for item in items:
        try:
            check_limits(plan.effective_on, field=field)
            check_end(item, plan.effective_on, field=field)
        except ProcessRefused as exc:
            return [Finding(exc.code, Severity.BLOCK, str(exc), field=exc.field)]
    return []


def percent_of(facts: Facts, name: str) -> Decimal:
    """Return a percentage out of the facts; nothing is nought."""
    raw: Any = facts.get(name) or "0"
    return Decimal(str(raw))
