"""Change the price list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from events.services.recording import record
from products.models import Price, Product


class PriceInForce(Exception):
    """A later price is already planned, so the new one would overlap with it."""


@transaction.atomic
def change_price(
    *,
    product_id: int,
    term_months: int,
    component: str,
    rate_type: str,
    amount: Decimal,
    valid_from: dt.date,
    actor: Any = None,
) -> Price:
    """
    Set a net price from a day on; the price in force until then ends on that day.

    Quotations that are already sent keep their prices; drafts are priced anew before they go out.

    :raises PriceInForce: if a price that begins on or after that day exists
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    same_use = Price.objects.filter(
        product=product, term_months=term_months, component=component, rate_type=rate_type
    )
    if same_use.filter(valid_from__gte=valid_from).exists():
        raise PriceInForce(f"{product.code} {term_months} {component} {rate_type}")
    same_use.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(
        valid_to=valid_from
    )
    price = Price.objects.create(
        product=product,
        term_months=term_months,
        component=component,
        rate_type=rate_type,
        amount=amount,
        valid_from=valid_from,
    )
    record(
        "products.price.changed",
        subject=product,
        payload={
            "term_months": term_months,
            "component": component,
            "rate_type": rate_type,
            "amount": str(amount),
            "valid_from": valid_from.isoformat(),
        },
        actor=actor,
    )
    return price
