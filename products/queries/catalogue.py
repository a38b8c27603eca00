"""The price list as people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from products.choices import Term
from products.models import Price, Product


@dataclass(frozen=True)
class ListedPrice:
    """What one thing costs for each term, net, and from when another amount is planned."""

    component: str
    rate_type: str
    label: str
    amounts: tuple[Decimal | None, ...]
    changes_on: dt.date | None


@dataclass(frozen=True)
class ListedProduct:
    """A product with its prices in force."""

    product: Product
    prices: tuple[ListedPrice, ...]


def price_list(day: dt.date) -> list[ListedProduct]:
    """Return what is on sale for supplies that begin on `day`, with net prices by term."""
    products = Product.objects.on_sale(day).prefetch_related("prices")
    ordered = products.order_by("division", "segment", "name")
    return [
        ListedProduct(product=one, prices=_prices(list(one.prices.all()), day)) for one in ordered
    ]


def _prices(prices: Sequence[Price], day: dt.date) -> tuple[ListedPrice, ...]:
    uses = sorted({(one.component, one.rate_type) for one in prices}, key=_place)
    return tuple(_listed(use, prices, day) for use in uses)


def _listed(use: tuple[str, str], prices: Sequence[Price], day: dt.date) -> ListedPrice:
    same = [one for one in prices if (one.component, one.rate_type) == use]
    in_force = {one.term_months: one for one in same if one.is_valid_on(day)}
    planned = [one.valid_from for one in same if one.valid_from > day]
    first = same[0]
    rate = "" if first.rate_type == "ALL_DAY" else f", {first.get_rate_type_display()}"
    return ListedPrice(
        component=use[0],
        rate_type=use[1],
        label=f"{first.get_component_display()}{rate}",
        amounts=tuple(in_force[term].amount if term in in_force else None for term in Term.values),
        changes_on=min(planned, default=None),
    )


def _place(use: tuple[str, str]) -> tuple[bool, int]:
    """Standing charge first, then all day, day, night."""
    return use[0] == "ENERGY", ["ALL_DAY", "DAY", "NIGHT"].index(use[1])
