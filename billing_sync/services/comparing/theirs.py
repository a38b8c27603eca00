"""The values of an object of the ERP in our terms, each with the kind of difference it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from billing_sync.choices import DifferenceKind, ObjectType
from billing_sync.gateway import replication
from events.services.telling import as_text

Found = Mapping[str, Any]


class Value(NamedTuple):
    """One value of theirs."""

    kind: str
    field: str
    text: str


def values_of_theirs(object_type: str, found: Found) -> list[Value]:
    """
    Return what is compared of an object.

    :raises KeyError, ValueError: if the object is not what was agreed
    """
    return [
        Value(kind, field, as_text(value)) for kind, field, value in _VALUES[object_type](found)
    ]


_Triples = list[tuple[str, str, Any]]


def _partner(found: Found) -> _Triples:
    row = replication.account_row(found)
    names = (
        "kind", "first_name", "last_name", "organisation_name", "street", "house_number", "flat",
        "postcode", "town", "country",
    )  # fmt: skip
    values: _Triples = [(DifferenceKind.PARTNER, name, getattr(row, name)) for name in names]
    points = ", ".join(value for _kind, value in sorted(row.contacts))
    return [*values, (DifferenceKind.PARTNER, "contact_points", points)]


def _agreement(found: Found) -> _Triples:
    row = replication.agreement_row(found)
    return [
        (DifferenceKind.PARTNER, "account", row.account_erp_number),
        (DifferenceKind.PARTNER, "payment_method", row.payment_method),
        (DifferenceKind.PARTNER, "iban", row.iban),
        (DifferenceKind.PARTNER, "invoice_delivery", row.invoice_delivery),
    ]


def _building(found: Found) -> _Triples:
    row = replication.connection_object_row(found)
    names = ("street", "house_number", "postcode", "town", "country")
    return [(DifferenceKind.SITE, name, getattr(row, name)) for name in names]


def _premise(found: Found) -> _Triples:
    row = replication.premise_row(found)
    return [
        (DifferenceKind.SITE, "connection_object", row.connection_object_erp_number),
        (DifferenceKind.SITE, "flat", row.flat),
        (DifferenceKind.SITE, "floor", row.floor),
    ]


def _pod(found: Found) -> _Triples:
    row = replication.pod_row(found)
    return [
        (DifferenceKind.SITE, "premise", row.premise_erp_number),
        (DifferenceKind.SITE, "external_id", row.external_id),
        (DifferenceKind.SITE, "division", row.division),
    ]


def _meter(found: Found) -> _Triples:
    place = (found.get("Placement") or [found])[-1]
    begin = place.get("TechnicalFrom") or place.get("ValidFrom", "")
    end = place.get("TechnicalTo") or place.get("ValidTo", "")
    return [
        (DifferenceKind.SITE, "pod", place.get("PointOfDeliveryID", "")),
        (DifferenceKind.DEVICE, "serial_number", found["SerialNumber"]),
        (DifferenceKind.DEVICE, "valid_from", begin),
        (DifferenceKind.DEVICE, "valid_to", end),
    ]


def _contract(found: Found) -> _Triples:
    row = replication.contract_row(found)
    return [
        (DifferenceKind.SITE, "business_agreement", row.agreement_erp_number),
        (DifferenceKind.SITE, "pod", row.pod_erp_number),
        (DifferenceKind.SITE, "role", row.role),
        (DifferenceKind.DATES, "starts_on", row.starts_on),
        (DifferenceKind.DATES, "ends_on", row.ends_on),
        (DifferenceKind.PRODUCT, "product_name", row.product_code),
    ]


_VALUES: dict[str, Callable[[Found], _Triples]] = {
    ObjectType.BUSINESS_PARTNER: _partner,
    ObjectType.CONTRACT_ACCOUNT: _agreement,
    ObjectType.CONNECTION_OBJECT: _building,
    ObjectType.PREMISE: _premise,
    ObjectType.POINT_OF_DELIVERY: _pod,
    ObjectType.DEVICE_INFO_RECORD: _meter,
    ObjectType.DEVICE: _meter,
    ObjectType.CONTRACT: _contract,
}
