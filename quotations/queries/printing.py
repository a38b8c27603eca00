"""
What is printed on a quotation, as text: kept with the document, so that it says for ever what the
customer was told, whatever becomes of prices, names and formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from devices.choices import RateType
from products.queries.costing import Cost, PriceLine
from quotations.models import Quotation, QuotationItem
from quotations.queries.totals import ItemTotal, totals_of
from tenants.models import Profile
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.money import format_money, format_share, format_unit_price, with_tax


def pdf_context(
    quotation: Quotation, items: Sequence[QuotationItem], *, language: str
) -> dict[str, Any]:
    """
    Return the words and figures of a quotation in one language.

    The caller activates the language, so that dates and labels are in it too.
    """
    profile = current_profile()
    totals = totals_of(items, segment=quotation.account.segment)
    binding_until = quotation.binding_until
    return {
        "number": quotation.number,
        "date": date_format(clock.today(), "DATE_FORMAT"),
        "utility": {
            "name": profile.legal_name,
            "address": profile.address,
            "email": profile.email,
            "phone": profile.phone,
            "register_entry": profile.register_entry,
        },
        "customer": {
            "name": quotation.account.name,
            "number": quotation.account.number,
            "street_line": quotation.account.street_line,
            "town_line": quotation.account.town_line,
        },
        "premise": quotation.premise.address_line if quotation.premise else "",
        "binding_until": (
            date_format(localtime(binding_until), "DATETIME_FORMAT") if binding_until else ""
        ),
        "time_zone": profile.time_zone,
        "withdrawal_days": profile.withdrawal_days,
        "items": [_item(one, profile, language) for one in totals.items],
        "total": _cost(totals.total, language) if totals.total else None,
        "supply_total": _cost(totals.supply, language) if totals.supply else None,
        "grid_total": _cost(totals.grid, language) if totals.grid else None,
    }


def price_label(line: PriceLine) -> str:
    """Return what a price is charged for, in the active language."""
    if line.is_standing_charge:
        return _("Standing charge per day")
    return {
        RateType.ALL_DAY: _("Energy price per kWh"),
        RateType.DAY: _("Energy price per kWh, day"),
        RateType.NIGHT: _("Energy price per kWh, night"),
    }[RateType(line.rate_type)]


def _item(total: ItemTotal, profile: Profile, language: str) -> dict[str, Any]:
    item = total.item
    tax = total.cost.vat_rate if total.cost else Decimal(0)
    return {
        "position": item.position,
        "division": str(item.get_division_display()),
        "role": item.role,
        "role_label": str(item.get_role_display()),
        "provider": item.service_provider.name if item.service_provider else "",
        "product": item.offer.name if item.offer else "",
        "description": item.offer.description if item.offer else "",
        "is_green": bool(item.product and item.product.green),
        "term": str(item.get_term_months_display()) if item.term_months else "",
        "pod": item.pod.external_id,
        "start_date": date_format(item.start_date, "DATE_FORMAT") if item.start_date else "",
        "annual_kwh": format_decimal(item.expected_annual_kwh or 0, locale=language),
        "meter_serial": item.meter_serial,
        "rate": str(item.get_rate_display()),
        "discount": (
            format_share(item.discount_percent / 100, language) if item.discount_percent else ""
        ),
        "prices": [
            {
                "label": price_label(line),
                "net": format_unit_price(line.agreed, profile.currency, language),
                "gross": format_unit_price(
                    with_tax(line.agreed, tax),
                    profile.currency,
                    language,
                ),
                "list": (
                    format_unit_price(line.amount, profile.currency, language)
                    if line.is_discounted
                    else ""
                ),
            }
            for line in total.lines
        ],
        "cost": _cost(total.cost, language) if total.cost else None,
    }


def _cost(cost: Cost, language: str) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return format_money(amount, cost.currency, language)

    return {
        "net": money(cost.net),
        "vat": money(cost.vat),
        "vat_rate": format_share(cost.vat_rate, language) if cost.vat_rate else "",
        "gross": money(cost.gross),
        "monthly": money(cost.monthly),
    }
