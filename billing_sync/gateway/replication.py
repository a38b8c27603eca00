"""The ERP's objects of the initial download as rows for the loading services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from accounts.choices import Title
from accounts.services.loading import AccountRow, AgreementRow
from billing_sync.gateway.mapping.codes import dunning_procedure
from contracts.choices import ItemStatus
from contracts.services.loading import ContractRow
from devices.services.loading import DeviceInfoRow, ReadingRow, RegisterRow
from premises.services.loading import (
    ConnectionObjectRow,
    OccupancyRow,
    PodRow,
    PodServiceRow,
    PremiseRow,
)

_TITLES: dict[str, Title] = {
    "mr": Title.MR,
    "mrs": Title.MRS,
    "ms": Title.MS,
    "mx": Title.MX,
    "dr": Title.DR,
    "herr": Title.MR,
    "frau": Title.MS,
    "sr": Title.MR,
    "sra": Title.MRS,
    "d": Title.MR,
    "dña": Title.MRS,
    "hr": Title.MR,
    "fru": Title.MRS,
}
_CONTRACT_STATUS: dict[str, ItemStatus] = {
    "ACTIVE": ItemStatus.COMPLETED,
    "IN_PROCESS": ItemStatus.ACCEPTED,
    "ENDED": ItemStatus.ENDED,
}


class Unreadable(ValueError):
    """An object does not hold what the contract with the ERP says; ``field`` says where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def account_row(found: Mapping[str, Any]) -> AccountRow:
    """Return a business partner."""
    address = found.get("Address") or {}
    return AccountRow(
        erp_number=found["BusinessPartnerID"],
        kind=found["CategoryCode"],
        segment=found["SegmentCode"],
        country=address.get("CountryCode", ""),
        language=found["LanguageCode"],
        title=_title(found.get("Title", "")),
        first_name=found.get("FirstName", ""),
        last_name=found.get("LastName", ""),
        organisation_name=found.get("OrganisationName", ""),
        birth_date=_day(found, "BirthDate"),
        tax_id=found.get("TaxID", ""),
        street=address.get("StreetName", ""),
        house_number=address.get("HouseID", ""),
        flat=address.get("Flat", ""),
        postcode=address.get("PostalCode", ""),
        town=address.get("CityName", ""),
        contacts=tuple(
            (point["TypeCode"], point["Value"]) for point in found.get("Communication", ())
        ),
        external_reference=_own(found),
    )


def agreement_row(found: Mapping[str, Any]) -> AgreementRow:
    """Return a contract account."""
    bank = found.get("BankAccount") or {}
    return AgreementRow(
        erp_number=found["ContractAccountID"],
        account_erp_number=found["BusinessPartnerID"],
        payment_method=found["PaymentMethodCode"],
        iban=bank.get("IBAN", ""),
        account_holder=bank.get("HolderName", ""),
        bank_name=bank.get("BankName", ""),
        invoice_delivery=found["InvoiceDeliveryCode"],
        language=found["LanguageCode"],
        dunning_procedure=dunning_procedure(found.get("DunningProcedureCode", "")),
        budget_billing=found["BudgetBillingIndicator"] in {"true", "1"},
        external_reference=_own(found),
    )


def connection_object_row(found: Mapping[str, Any]) -> ConnectionObjectRow:
    """Return a building."""
    address = found["Address"]
    return ConnectionObjectRow(
        erp_number=found["ConnectionObjectID"],
        street=address["StreetName"],
        house_number=address.get("HouseID", ""),
        postcode=address["PostalCode"],
        town=address["CityName"],
        country=address["CountryCode"],
        external_reference=_own(found),
    )


def premise_row(found: Mapping[str, Any]) -> PremiseRow:
    """Return a premise."""
    return PremiseRow(
        erp_number=found["PremiseID"],
        connection_object_erp_number=found["ConnectionObjectID"],
        kind=found["CategoryCode"],
        flat=found.get("Flat", ""),
        floor=found.get("Floor", ""),
        segment=found.get("SegmentCode") or None,
        external_reference=_own(found),
    )


def occupancy_row(found: Mapping[str, Any]) -> OccupancyRow:
    """Return whose customer is supplied at a premise."""
    return OccupancyRow(
        premise_erp_number=found["PremiseID"], segment=found.get("SegmentCode") or None
    )


def pod_row(found: Mapping[str, Any]) -> PodRow:
    """Return a point of delivery with the providers that serve and served it."""
    return PodRow(
        erp_number=found["PointOfDeliveryID"],
        premise_erp_number=found["PremiseID"],
        division=found["DivisionCode"],
        external_id=found["ExternalID"],
        valid_from=_required_day(found, "ValidFrom"),
        valid_to=_day(found, "ValidTo"),
        services=tuple(
            PodServiceRow(
                service=service["TypeCode"],
                provider_code=service["ProviderCode"],
                provider_name=service.get("ProviderName") or "",
                valid_from=_day(service, "ValidFrom") or _required_day(found, "ValidFrom"),
                valid_to=_day(service, "ValidTo"),
            )
            for service in found.get("Service", ())
        ),
        external_reference=_own(found),
    )


def device_info_row(found: Mapping[str, Any], *, external_ids: Mapping[str, str]) -> DeviceInfoRow:
    """
    Return a device info record.

    ``external_ids`` maps the ERP's numbers of points of delivery to the market's identifiers.
    """
    return DeviceInfoRow(
        erp_number=found["DeviceInfoRecordID"],
        pod_external_id=external_ids.get(found["PointOfDeliveryID"], ""),
        serial_number=found["SerialNumber"],
        rate=found["RateCode"],
        valid_from=_required_day(found, "ValidFrom"),
        valid_to=_day(found, "ValidTo"),
        registers=tuple(_register(register) for register in found.get("Register", ())),
    )


def contract_row(found: Mapping[str, Any]) -> ContractRow:
    """Return a contract."""
    consumption = found.get("ExpectedAnnualConsumption")
    return ContractRow(
        erp_number=found["UtilitiesContractID"],
        external_reference=_own(found),
        contract_external_reference=_uuid(found.get("ContractExternalReference")),
        contract_number=found.get("ContractNumber", ""),
        role=found["RoleCode"],
        agreement_erp_number=found["ContractAccountID"],
        pod_erp_number=found["PointOfDeliveryID"],
        division=found["DivisionCode"],
        product_code=found["ProductCode"],
        starts_on=_required_day(found, "StartDate"),
        ends_on=_day(found, "EndDate"),
        term_months=int(found["TermMonths"]) if found.get("TermMonths") else None,
        expected_annual_kwh=round(_number(found, "ExpectedAnnualConsumption"))
        if consumption
        else None,
        status=_CONTRACT_STATUS[found["StatusCode"]],
        billed_until=_day(found, "BilledUntilDate"),
    )


def _register(found: Mapping[str, Any]) -> RegisterRow:
    reading = found.get("Reading")
    return RegisterRow(
        code=found["RegisterID"],
        rate_type=found["RateTypeCode"],
        unit=found["UnitCode"],
        digits=int(found["Digits"]),
        decimals=int(found["Decimals"]),
        factor=_number(found, "Factor"),
        readings=()
        if not reading
        else (
            ReadingRow(
                read_on=_required_day(reading, "Date"),
                value=_number(reading, "Value"),
                reason=reading.get("ReasonCode") or "PERIODIC",
            ),
        ),
    )


def _title(text: str) -> str:
    return _TITLES.get(text.strip(". ").lower(), "")


def _own(found: Mapping[str, Any]) -> uuid.UUID | None:
    return _uuid(found.get("ExternalReference"))


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


# A book knows few days, and names each of them many times.
_date = lru_cache(maxsize=4096)(dt.date.fromisoformat)


def _day(found: Mapping[str, Any], name: str) -> dt.date | None:
    text = found.get(name)
    if not text:
        return None
    try:
        return _date(text)
    except ValueError as exc:
        raise Unreadable(name, f"{text!r} is not a date.") from exc


def _required_day(found: Mapping[str, Any], name: str) -> dt.date:
    day = _day(found, name)
    if day is None:
        raise Unreadable(name, f"{name} is missing.")
    return day


def _number(found: Mapping[str, Any], name: str) -> Decimal:
    try:
        return Decimal(found[name])
    except InvalidOperation as exc:
        raise Unreadable(name, f"{found[name]!r} is not a number.") from exc
