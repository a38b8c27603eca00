"""Suppliers, and the agreements with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.services.recording import record
from products.models import ProductSupply, Supplier, SupplyAgreement, SupplyPrice
from products.services.supply.days import too_far_back
from tenants.queries import current_profile


class AgreementRefused(Exception):
    """What was typed cannot be agreed; `field` is the one to mend."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def create_supplier(*, code: str, name: str, our_number: str = "", actor: Any = None) -> Supplier:
    """
    Make a supplier known.

    :raises AgreementRefused: if the code is another one's
    """
    if Supplier.objects.filter(code=code).exists():
        raise AgreementRefused(_("Another supplier has this code."), field="code")
    supplier = Supplier.objects.create(code=code, name=name, our_number=our_number)
    record("products.supplier.created", subject=supplier, payload={"code": code}, actor=actor)
    return supplier


@transaction.atomic
def rename_supplier(
    *, supplier_id: int, name: str, our_number: str, version: int | None, actor: Any = None
) -> Supplier:
    """
    Change what a supplier is called, and what we are called there.

    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    supplier = Supplier.objects.select_for_update().get(pk=supplier_id).require_version(version)
    before = supplier.name
    supplier.rename(name=name, our_number=our_number)
    record(
        "products.supplier.changed",
        subject=supplier,
        payload={"before": before, "after": name},
        actor=actor,
    )
    return supplier


@transaction.atomic
def create_agreement(
    *,
    supplier_id: int,
    number: str,
    division: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    contracted_kwh: int | None = None,
    actor: Any = None,
) -> SupplyAgreement:
    """
    Write down what was negotiated, in the tenant's currency.

    :param valid_to: the first day without it
    :raises AgreementRefused: if it ends before it begins, has a negative volume or a number twice
    """
    supplier = Supplier.objects.select_for_update().get(pk=supplier_id)
    _check_terms(valid_from=valid_from, valid_to=valid_to, contracted_kwh=contracted_kwh)
    if supplier.agreements.filter(number=number).exists():
        raise AgreementRefused(_("There is an agreement with this number already."), field="number")
    agreement = SupplyAgreement.objects.create(
        supplier=supplier,
        number=number,
        division=division,
        valid_from=valid_from,
        valid_to=valid_to,
        contracted_kwh=contracted_kwh,
        currency=current_profile().currency,
    )
    record(
        "products.agreement.created",
        subject=agreement,
        payload=_facts(agreement),
        actor=actor,
    )
    return agreement


@transaction.atomic
def change_agreement(
    *,
    agreement_id: int,
    valid_to: dt.date | None,
    contracted_kwh: int | None,
    version: int | None,
    actor: Any = None,
) -> SupplyAgreement:
    """
    Set the end and the volume anew; contracts that it can no longer feed get another one.

    :raises AgreementRefused: if it would end before it begins, too long ago, or while a planned
        price or a product's planned supply has not begun
    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    agreement = SupplyAgreement.objects.select_for_update().get(pk=agreement_id)
    agreement.require_version(version)
    _check_terms(valid_from=agreement.valid_from, valid_to=valid_to, contracted_kwh=contracted_kwh)
    if valid_to is not None and valid_to != agreement.valid_to:
        if why := too_far_back(valid_to):
            raise AgreementRefused(why, field="valid_to")
        _check_plans(agreement, valid_to)
    before = _facts(agreement)
    agreement.change(valid_to=valid_to, contracted_kwh=contracted_kwh)
    record(
        "products.agreement.changed",
        subject=agreement,
        payload={**_facts(agreement), "before": before},
        actor=actor,
    )
    return agreement


def _check_terms(
    *, valid_from: dt.date, valid_to: dt.date | None, contracted_kwh: int | None
) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise AgreementRefused(_("It would end before it begins."), field="valid_to")
    if contracted_kwh is not None and contracted_kwh < 0:
        raise AgreementRefused(_("A volume cannot be negative."), field="contracted_kwh")


def _check_plans(agreement: SupplyAgreement, valid_to: dt.date) -> None:
    plans: list[dt.date] = [
        *SupplyPrice.objects.filter(agreement=agreement, valid_from__gte=valid_to).values_list(
            "valid_from", flat=True
        ),
        *ProductSupply.objects.filter(agreement=agreement, valid_from__gte=valid_to).values_list(
            "valid_from", flat=True
        ),
    ]
    if plans:
        raise AgreementRefused(
            _("From %(day)s a price or a product is planned with this agreement.")
            % {"day": date_format(min(plans), "SHORT_DATE_FORMAT")},
            field="valid_to",
        )


def _facts(agreement: SupplyAgreement) -> dict[str, Any]:
    return {
        "number": agreement.number,
        "valid_from": agreement.valid_from.isoformat(),
        "valid_to": agreement.valid_to.isoformat() if agreement.valid_to else None,
        "contracted_kwh": agreement.contracted_kwh,
    }
