"""Single fields of an object as the ERP sent it: read in our terms, and replaced by ours."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from billing_sync.choices import ObjectType
from billing_sync.gateway import replication
from billing_sync.gateway.mapping.codes import dunning_code
from events.services.telling import as_text

_ROWS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    ObjectType.BUSINESS_PARTNER: replication.account_row,
    ObjectType.CONTRACT_ACCOUNT: replication.agreement_row,
    ObjectType.CONTRACT: replication.contract_row,
}
_ADDRESS = "Address"
_BANK = "BankAccount"
_PLACES: dict[str, dict[str, tuple[str, ...]]] = {
    ObjectType.BUSINESS_PARTNER: {
        "title": ("Title",),
        "first_name": ("FirstName",),
        "last_name": ("LastName",),
        "organisation_name": ("OrganisationName",),
        "birth_date": ("BirthDate",),
        "tax_id": ("TaxID",),
        "language": ("LanguageCode",),
        "street": (_ADDRESS, "StreetName"),
        "house_number": (_ADDRESS, "HouseID"),
        "flat": (_ADDRESS, "Flat"),
        "postcode": (_ADDRESS, "PostalCode"),
        "town": (_ADDRESS, "CityName"),
    },
    ObjectType.CONTRACT_ACCOUNT: {
        "payment_method": ("PaymentMethodCode",),
        "iban": (_BANK, "IBAN"),
        "account_holder": (_BANK, "HolderName"),
        "bank_name": (_BANK, "BankName"),
        "invoice_delivery": ("InvoiceDeliveryCode",),
        "language": ("LanguageCode",),
        "dunning_procedure": ("DunningProcedureCode",),
        "budget_billing": ("BudgetBillingIndicator",),
    },
    ObjectType.CONTRACT: {
        "ends_on": ("EndDate",),
        "product_name": ("ProductCode",),
        "expected_annual_kwh": ("ExpectedAnnualConsumption",),
    },
}
_OF_ROW = {"product_name": "product_code"}


def values_of(object_type: str, found: Mapping[str, Any]) -> dict[str, str]:
    """
    Return the fields that both sides may change as texts, in our terms.

    :raises KeyError, ValueError: if the object is not what was agreed
    """
    row = _ROWS[object_type](found)
    return {
        field: as_text(getattr(row, _OF_ROW.get(field, field))) for field in fields(object_type)
    }


def fields(object_type: str) -> tuple[str, ...]:
    """Return the fields of a type that both sides may change."""
    return tuple(_PLACES.get(object_type, ()))


def replaced(object_type: str, found: Mapping[str, Any], ours: Mapping[str, str]) -> dict[str, Any]:
    """Return the object with some fields as we have them."""
    changed = copy.deepcopy(dict(found))
    for field, text in ours.items():
        *path, name = _PLACES[object_type][field]
        place = changed
        for step in path:
            place = place.setdefault(step, {})
        value = dunning_code(text) if field == "dunning_procedure" and text else text
        if value:
            place[name] = value
        else:
            place.pop(name, None)
    return changed
