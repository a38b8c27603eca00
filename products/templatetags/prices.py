"""Energy prices on a page."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from tenants.queries import current_profile
from utilcrm.money import format_unit_price

register = template.Library()


@register.filter
def unit_price(amount: Decimal | None) -> str:
    """Write a price per kWh or per day in hundredths of the tenant's currency."""
    if amount is None:
        return "–"
    return format_unit_price(amount, current_profile().currency, get_language() or "en")
