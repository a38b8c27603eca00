"""Which products a customer can be offered, each with its three terms side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from devices.choices import Rate
from products.choices import Term
from products.models import Price, Product
from products.queries.costing import Cost, PriceLine, first_year_cost
from products.queries.pricing import NoPrice, compose_lines, load_profile, vat_rate
from tenants.queries import current_profile


@dataclass(frozen=True)
class TermOffer:
    """A product's prices and first-year cost for one term."""

    term_months: int
    lines: tuple[PriceLine, ...]
    cost: Cost


@dataclass(frozen=True)
class Proposal:
    """A product with the terms it can be had for; cheapest first year in `best_gross`."""

    product: Product
    terms: tuple[TermOffer, ...]

    @property
    def best_gross(self) -> Decimal:
        """The lowest first-year cost among the terms."""
        return min(term.cost.gross for term in self.terms)


def propose(
    *,
    division: str,
    segment: str,
    start_date: dt.date,
    annual_kwh: int,
    rate: str = Rate.SINGLE,
    discount_percent: Decimal = Decimal(0),
) -> list[Proposal]:
    """
    Return the products on sale for a supply from `start_date`, cheapest first.

    A term without a complete price for the meter's rate is left out, and a product without any
    such term. Costs include VAT.

    :raises NoLoadProfile: if the tenant has no load profile for the division and segment
    """
    profile = current_profile()
    shares = load_profile(division=division, segment=segment)
    tax = vat_rate(profile, segment)
    products = list(
        Product.objects.on_sale(start_date).for_customer(division=division, segment=segment)
    )
    prices: dict[tuple[int, int], list[Price]] = defaultdict(list)
    for price in Price.objects.valid_on(start_date).filter(product__in=products):
        prices[price.product_id, price.term_months].append(price)

    def offer(product: Product, term: int) -> TermOffer | None:
        try:
            lines = compose_lines(
                prices[product.pk, term], rate=rate, discount_percent=discount_percent
            )
        except NoPrice:
            return None
        cost = first_year_cost(
            lines,
            annual_kwh=annual_kwh,
            start_date=start_date,
            profile=shares,
            vat_rate=tax,
            currency=profile.currency,
        )
        return TermOffer(term_months=term, lines=lines, cost=cost)

    proposals = []
    for product in products:
        terms = tuple(found for term in Term.values if (found := offer(product, term)))
        if terms:
            proposals.append(Proposal(product=product, terms=terms))
    return sorted(proposals, key=lambda proposal: (proposal.best_gross, proposal.product.name))
