"""Offer again what was offered before."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from access.models import User
from premises.services.serving import own_supplier
from quotations.models import Quotation, QuotationItem, QuotationItemRegister
from quotations.services.conditions import StartDateOutOfRange, check_start_date
from quotations.services.drafting import open_quotation
from quotations.services.grid_usage import add_roles_beside
from quotations.services.pricing import price_again
from tenants.choices import ItemRole
from utilcrm import clock

COPIED = (
    "division",
    "product",
    "term_months",
    "start_date",
    "move_in",
    "expected_annual_kwh",
    "consumption_source",
    "persons",
    "floor_area",
    "dwelling",
    "discount_percent",
    "meter_serial",
    "rate",
)


@transaction.atomic
def quote_again(*, quotation: Quotation, actor: User) -> Quotation:
    """
    Open a draft with the same supplies, meters and terms at today's prices.

    A start of supply that has come to lie too far in the past becomes tomorrow. Approvals are
    not taken over.
    """
    draft = open_quotation(
        account=quotation.account,
        actor=actor,
        business_agreement=quotation.business_agreement,
        premise=quotation.premise,
    )
    draft.discount_reason = quotation.discount_reason
    draft.save(update_fields=["discount_reason"])
    supplies = quotation.items.filter(role=ItemRole.SUPPLY)
    for old in supplies.select_related("pod", "product").order_by("position"):
        _copy_item(old, draft)
    return draft


def _copy_item(old: QuotationItem, draft: Quotation) -> None:
    item = QuotationItem(
        quotation=draft,
        position=draft.items.count() + 1,
        service_provider=own_supplier(),
        pod=old.pod,
        **{name: getattr(old, name) for name in COPIED},
    )
    try:
        check_start_date(item.start_date or clock.today())
    except StartDateOutOfRange:
        item.start_date = clock.today() + dt.timedelta(days=1)
    item.save()
    price_again(item)
    item.save(update_fields=["product", "term_months"])
    QuotationItemRegister.objects.bulk_create(
        QuotationItemRegister(
            item=item,
            code=register.code,
            rate_type=register.rate_type,
            unit=register.unit,
            digits=register.digits,
            decimals=register.decimals,
            factor=register.factor,
        )
        for register in old.registers.all()
    )
    add_roles_beside(item)
