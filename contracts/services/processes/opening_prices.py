"""What a new item costs: as agreed before, or by the list where that is not known here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from contracts.choices import ItemRole, Severity
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.dates import shown
from contracts.services.processes.shapes import NewItem, Plan
from products.choices import Term
from products.queries.pricing import NoPrice, price_lines

_KEPT = ("component", "rate_type", "amount", "agreed_amount")


def opening_prices(new: NewItem) -> list[dict[str, Any]]:
    """
    Return the prices of an item like another one: those that were agreed for that one.

    Of a contract that came from the ERP they are not known here; then the list's of the first day
    hold. Empty where the list has none; grid usage is left to its distributor's tariff.
    """
    kept = [dict(row) for row in new.like.prices.order_by("pk").values(*_KEPT)]
    product_id = new.like.product_id
    if kept or product_id is None or not is_by_list(new):
        return kept
    try:
        lines = price_lines(
            product_id=product_id,
            term_months=_term(new),
            day=new.starts_on,
            rate=new.meter.rate if new.meter else new.like.rate,
            discount_percent=new.like.discount_percent,
        )
    except NoPrice:
        return []
    return [
        {
            "component": line.component,
            "rate_type": line.rate_type,
            "amount": line.amount,
            "agreed_amount": line.agreed,
        }
        for line in lines
    ]


def is_by_list(new: NewItem) -> bool:
    """Whether the list has to say what a supply costs."""
    like = new.like
    return new.prices is None and like.role == ItemRole.SUPPLY and not like.prices.exists()


def price_findings(plan: Plan) -> Iterator[Finding]:
    """Say where the list holds, so that the customer hears it before agreeing."""
    for new in plan.starts:
        if is_by_list(new) and opening_prices(new):
            text = _(
                "The prices agreed so far are not known here. From %(day)s the list's hold: "
                "%(product)s, %(months)s months."
            )
            facts = {
                "day": shown(new.starts_on),
                "product": new.like.product_name,
                "months": _term(new),
            }
            yield Finding("LIST_PRICES", Severity.WARN, text % facts)


def _term(new: NewItem) -> int:
    months = new.like.term_months
    return months if months in Term.values else Term.MONTHS_12.value
