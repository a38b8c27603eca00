"""Pages of the book for the CRM's initial download: keyset paging over each object type."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import Client
from sandbox.erp.financials import statement

Content = dict[str, Any]

PLACE = (
    "pod_id", "installation_id", "logical_number", "valid_from", "valid_to", "billing_from",
    "billing_to",
)  # fmt: skip
"""Columns of a device that say where it hangs; `former` has the same for earlier places."""


def address(row: Row) -> Content:
    """Return the `Address` of a row with address columns."""
    return {
        "StreetName": row["street"],
        "HouseID": row["house"],
        "Flat": row.get("flat"),
        "PostalCode": row["postcode"],
        "CityName": row["city"],
        "CountryCode": row["country"],
    }


def business_partner(row: Row) -> Content:
    """Return a `BusinessPartnerReplica`."""
    return {
        "BusinessPartnerID": row["id"],
        "ExternalReference": row["external_reference"],
        "CategoryCode": row["category"],
        "SegmentCode": row["segment"],
        "Title": row["title"],
        "FirstName": row["first_name"],
        "LastName": row["last_name"],
        "OrganisationName": row["organisation_name"],
        "BirthDate": row["birth_date"],
        "TaxID": row["tax_id"],
        "LanguageCode": row["language"],
        "Address": address(row),
        "Communication": row["communication"],
        "ContactPerson": row["contacts"],
    }


def contract_account(row: Row) -> Content:
    """Return a `ContractAccountReplica`."""
    bank = {"IBAN": row["iban"], "HolderName": row["holder"], "BankName": row["bank_name"]}
    return {
        "ContractAccountID": row["id"],
        "ExternalReference": row["external_reference"],
        "BusinessPartnerID": row["bp_id"],
        "PaymentMethodCode": row["payment_method"],
        "BankAccount": bank if row["iban"] else None,
        "InvoiceDeliveryCode": row["invoice_delivery"],
        "LanguageCode": row["language"],
        "DunningProcedureCode": row["dunning_procedure"],
        "BudgetBillingIndicator": bool(row["budget_billing"]),
        "DefaultIndicator": bool(row["is_default"]),
    }


def _connection_object(row: Row) -> Content:
    return {
        "ConnectionObjectID": row["id"],
        "ExternalReference": row["external_reference"],
        "Address": address(row),
    }


def _premise(row: Row) -> Content:
    return {
        "PremiseID": row["id"],
        "ExternalReference": row["external_reference"],
        "ConnectionObjectID": row["co_id"],
        "Flat": row["flat"],
        "Floor": row["floor"],
        "CategoryCode": row["category"],
        "SegmentCode": row["segment"],
    }


def _point_of_delivery(row: Row) -> Content:
    return {
        "PointOfDeliveryID": row["id"],
        "ExternalReference": row["external_reference"],
        "PremiseID": row["premise_id"],
        "ConnectionObjectID": row["co_id"],
        "ExternalID": row["external_id"],
        "SchemeCode": row["scheme"],
        "DivisionCode": row["division"],
        "ValidFrom": row["valid_from"],
        "ValidTo": row["valid_to"],
        "Service": row["services"],
    }


def _info_record(row: Row) -> Content:
    return {
        "DeviceInfoRecordID": row["id"],
        "PointOfDeliveryID": row["pod_id"],
        "InstallationID": row["installation_id"],
        "SerialNumber": row["serial"],
        "RateCode": row["rate"],
        "ValidFrom": row["valid_from"],
        "ValidTo": row["valid_to"],
        "Register": row["registers"],
    }


def _installation(row: Row) -> Content:
    return {
        "InstallationID": row["id"],
        "PointOfDeliveryID": row["pod_id"],
        "RoleCode": row["role"],
        "RateCategoryCode": row["rate_category"],
        "ValidFrom": row["valid_from"],
        "ValidTo": row["valid_to"],
    }


def _device(row: Row) -> Content:
    return {
        "DeviceID": row["id"],
        "SerialNumber": row["serial"],
        "DivisionCode": row["division"],
        "RateCode": row["rate"],
        "MaterialCode": row["material"],
        "ManufacturerName": row["manufacturer"],
        "CertifiedUntilDate": row["certified_until"],
        "Placement": [_placement(place) for place in placements_of(row)],
        "Register": row["registers"],
    }


def placements_of(device: Row) -> list[Row]:
    """Return where a device hung and hangs, in order of time."""
    now = [{name: device[name] for name in PLACE}] if device["pod_id"] else []
    return [*(device["former"] or []), *now]


def _placement(place: Row) -> Content:
    return {
        "PointOfDeliveryID": place["pod_id"],
        "InstallationID": place["installation_id"],
        "LogicalDeviceNumber": place["logical_number"],
        "TechnicalFrom": place["valid_from"],
        "TechnicalTo": place["valid_to"],
        "BillingFrom": place["billing_from"],
        "BillingTo": place["billing_to"],
    }


def _contract(row: Row) -> Content:
    return {
        "UtilitiesContractID": row["id"],
        "ExternalReference": row["external_reference"],
        "ContractExternalReference": row["contract_reference"],
        "ContractNumber": row["contract_number"],
        "RoleCode": row["role"],
        "BusinessPartnerID": row["bp_id"],
        "ContractAccountID": row["ca_id"],
        "PointOfDeliveryID": row["pod_id"],
        "PremiseID": row["premise_id"],
        "InstallationID": row["installation_id"],
        "DivisionCode": row["division"],
        "ProductCode": row["product"],
        "StartDate": row["start_date"],
        "EndDate": row["end_date"],
        "TermMonths": row["term_months"],
        "StatusCode": row["status"],
        "ExpectedAnnualConsumption": row["annual_kwh"],
        "BilledUntilDate": row["billed_until"],
    }


SOURCES: dict[str, tuple[str, str, Callable[[Row], Content] | None]] = {
    "BUSINESS_PARTNER": ("business_partner", "BusinessPartner", business_partner),
    "CONTRACT_ACCOUNT": ("contract_account", "ContractAccount", contract_account),
    "CONNECTION_OBJECT": ("connection_object", "ConnectionObject", _connection_object),
    "PREMISE": ("premise", "Premise", _premise),
    "POINT_OF_DELIVERY": ("point_of_delivery", "PointOfDelivery", _point_of_delivery),
    "DEVICE_INFO_RECORD": ("device", "DeviceInfoRecord", _info_record),
    "INSTALLATION": ("installation", "Installation", _installation),
    "DEVICE": ("device", "Device", _device),
    "CONTRACT": ("contract", "UtilitiesContract", _contract),
    "FINANCIAL": ("contract_account", "Financial", None),
}
"""Table, element and content of each object type; financials need the day, too."""


def is_kept(client: Client, object_type: str) -> bool:
    """Meters are info records in one kind of client and devices in the other, never both."""
    if client.info_records:
        return object_type not in {"DEVICE", "INSTALLATION"}
    return object_type != "DEVICE_INFO_RECORD"


def total(store: Store, client: Client, object_type: str) -> int:
    """Return how many objects of a type the book has."""
    if not is_kept(client, object_type):
        return 0
    table = SOURCES[object_type][0]
    row = store.one(f"SELECT count(*) AS number FROM {table}")  # noqa: S608 - a constant
    return int(row["number"]) if row else 0


def contents(client: Client, object_type: str, rows: list[Row], today: date) -> list[Content]:
    """Return the objects of some rows as they are told."""
    content_of = SOURCES[object_type][2]
    if content_of is None:
        return [statement(row, client.currency, today) for row in rows]
    return [content_of(row) for row in rows]


def page(
    store: Store, client: Client, *, object_type: str, from_key: str, size: int, today: date
) -> Content:
    """Return the response's content after its header, without its log."""
    table, element, _content_of = SOURCES[object_type]
    rows: list[Row] = []
    if is_kept(client, object_type):
        sql = f"SELECT * FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - a constant
        rows = store.all(sql, from_key, size + 1)
    more, rows = len(rows) > size, rows[:size]
    return {
        "ObjectTypeCode": object_type,
        "AsOfDateTime": datetime.now(UTC),
        "TotalNumber": total(store, client, object_type),
        "NextKey": rows[-1]["id"] if more else None,
        element: contents(client, object_type, rows, today),
    }
