"""What a contract's documents say: plain text, written out once, and kept with the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format

from accounts.models import Account
from contracts.models import Contract, ContractItem
from contracts.queries.totals import totals_of_legs
from correspondence.services.documents import Template
from products.choices import PriceComponent
from products.queries.costing import add_months
from tenants.models import Profile
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.money import format_money, format_share, format_unit_price, with_tax

# A version that customers have signed is never changed again: a new text is a new version.
CONTRACT_TEMPLATE = Template("contracts/pdf/contract", 2)
AUDIT_TEMPLATE = Template("contracts/pdf/audit", 1)
WELCOME_TEMPLATE = Template("contracts/pdf/welcome", 1)


ONE_DAY = dt.timedelta(days=1)


def describe_order(contracts: Sequence[Contract], *, language: str) -> dict[str, Any]:
    """Write out everything that the customer is asked to sign, in the customer's language."""
    profile = current_profile()
    account = contracts[0].account
    with translation.override(language):
        return {
            "utility": describe_utility(profile),
            "customer": describe_customer(account),
            "payment": describe_payment(contracts[0]),
            "contracts": [describe_contract(one, language=language) for one in contracts],
            "revision": max(one.revision for one in contracts),
            "day": day(clock.today()),
            "withdrawal_days": profile.withdrawal_days,
        }


def language_of(account: Account) -> str:
    """Return the language that the customer is written to in: one that we have texts in."""
    if account.language in dict(settings.LANGUAGES):
        return account.language
    return current_profile().language


def describe_utility(profile: Profile) -> dict[str, str]:
    """Write out who we are."""
    return {
        "name": profile.legal_name,
        "address": profile.address,
        "email": profile.email,
        "phone": profile.phone,
        "register_entry": profile.register_entry,
    }


def describe_customer(account: Account) -> dict[str, str]:
    """Write out who the customer is."""
    return {
        "name": account.name,
        "number": account.number,
        "street": account.street_line,
        "town": account.town_line,
    }


def describe_payment(contract: Contract) -> dict[str, str]:
    """Write out how the customer pays; the bank account masked, because documents travel."""
    agreement = contract.business_agreement
    if agreement is None:
        return {}
    return {
        "number": agreement.number,
        "method": str(agreement.get_payment_method_display()),
        "iban": agreement.masked_iban,
        "account_holder": agreement.account_holder,
        "invoice_delivery": str(agreement.get_invoice_delivery_display()),
    }


def describe_contract(contract: Contract, *, language: str) -> dict[str, Any]:
    """Write out one contract: what, where, from when, at which prices, with which meter."""
    vat_rate = vat_rate_of(contract.account)
    items = list(
        contract.items.select_related(
            "pod__premise__connection_object", "product", "grid_tariff", "service_provider"
        ).prefetch_related("prices", "registers")
    )
    return {
        "number": contract.number,
        "division": items[0].division if items else "",
        "vat_rate": format_share(vat_rate, language),
        "items": [
            _describe_item(item, contract.currency, vat_rate, language=language)
            for item in sorted(items, key=lambda one: one.position)
        ],
        "totals": _describe_totals(contract, items, language=language),
    }


def _describe_totals(
    contract: Contract, items: Sequence[ContractItem], *, language: str
) -> list[dict[str, str]]:
    """Write out what each leg and both together will cost; empty for a contract with one leg."""
    totals = totals_of_legs(contract, sorted(items, key=lambda one: one.position))
    if totals is None:
        return []
    lines = [(leg.role, str(leg.label), leg.cost) for leg in totals.legs]
    return [
        {"role": role, "label": label, "gross": amount(cost.gross, cost.currency, language)}
        for role, label, cost in (*lines, ("TOGETHER", "", totals.total))
    ]


def _describe_item(
    item: ContractItem, currency: str, vat_rate: Decimal, *, language: str
) -> dict[str, Any]:
    term = item.term_months or 0
    return {
        "role": item.role,
        "role_label": str(item.get_role_display()),
        "division_label": str(item.get_division_display()),
        "provider": item.service_provider.name if item.service_provider else "",
        "product": item.product_name,
        "description": item.offer.description if item.offer else "",
        "pod": item.pod.external_id,
        "pod_scheme": item.pod.scheme_name,
        "address": item.pod.premise.address_line,
        "starts_on": day(item.starts_on),
        "term_months": term,
        # People read the last day of a period; we store the first day after it.
        "fixed_until": day(add_months(item.starts_on, term) - ONE_DAY) if term else "",
        "expected_annual_kwh": number_format(
            item.expected_annual_kwh or 0, 0, use_l10n=True, force_grouping=True
        ),
        "discount": format_share(item.discount_percent / 100, language)
        if item.discount_percent
        else "",
        "meter_serial": item.meter_serial,
        "rate_label": str(item.get_rate_display()),
        "prices": [
            {
                "label": str(price.get_component_display()),
                "rate_label": str(price.get_rate_type_display()),
                "is_energy": price.component == PriceComponent.ENERGY,
                "net": format_unit_price(price.agreed_amount, currency, language),
                "gross": format_unit_price(
                    with_tax(price.agreed_amount, vat_rate), currency, language
                ),
            }
            for price in sorted(
                item.prices.all(), key=lambda one: (one.component != "ENERGY", one.rate_type)
            )
        ],
        "registers": [
            {
                "code": register.code,
                "rate_label": str(register.get_rate_type_display()),
                "unit": str(register.get_unit_display()),
                "reading": ""
                if register.move_in_reading is None
                else number_format(register.move_in_reading, register.decimals, use_l10n=True),
            }
            for register in sorted(item.registers.all(), key=lambda one: one.code)
        ],
    }


def vat_rate_of(account: Account) -> Decimal:
    """Return the VAT rate (a fraction) of the customer's segment."""
    profile = current_profile()
    return profile.vat_residential if account.segment == "RESIDENTIAL" else profile.vat_commercial


def day(value: dt.date) -> str:
    """Write a date in words, as documents do."""
    return date_format(value, "DATE_FORMAT")


def amount(value: Decimal, currency: str, language: str) -> str:
    """Write an amount of money."""
    return format_money(value, currency, language)
