"""What each one-way request does to the book. Called inside the transaction of its message."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.erp.book.store import Row
from sandbox.erp.contract_rules import check_contract, parties_of
from sandbox.erp.findings import Finding, error, failed, information
from sandbox.erp.office import Office
from sandbox.erp.rules import (
    check_account,
    check_connection_object,
    check_partner,
    check_point_of_delivery,
)

Data = dict[str, Any]
DEFAULT_CREDIT_SCORE = 75


@dataclass
class Outcome:
    """What came of a request; `effect` is created, changed, resumed or none."""

    object_type: str
    external_reference: str
    findings: list[Finding] = field(default_factory=list)
    keys: dict[str, str | None] = field(default_factory=dict)
    effect: str = "none"

    @property
    def confirmed_object(self) -> Data:
        """The `ConfirmedObject` of the confirmation."""
        return {
            "ObjectTypeCode": self.object_type,
            "ExternalReference": self.external_reference,
            **self.keys,
        }

    def exists_already(self, row: Row) -> None:
        """Note that the object came before, under the key it has."""
        self.keys["InternalID"] = row["id"]
        note = f"The object exists already as {row['id']}"
        self.findings.append(information("ALREADY_EXISTS", "ExternalReference", note))


def _address(address: Data) -> Row:
    return {
        "street": address["StreetName"],
        "house": address.get("HouseID"),
        "postcode": address["PostalCode"],
        "city": address["CityName"],
        "country": address["CountryCode"],
    }


def _partner_columns(partner: Data) -> Row:
    communication = [
        entry | {"DefaultIndicator": entry["DefaultIndicator"] in {"true", "1"}}
        for entry in partner.get("Communication", [])
    ]
    return {
        "category": partner["CategoryCode"],
        "segment": partner["SegmentCode"],
        "title": partner.get("Title"),
        "first_name": partner.get("FirstName"),
        "last_name": partner.get("LastName"),
        "organisation_name": partner.get("OrganisationName"),
        "birth_date": partner.get("BirthDate"),
        "tax_id": partner.get("TaxID"),
        "language": partner["LanguageCode"],
        **_address(partner["Address"]),
        "flat": partner["Address"].get("Flat"),
        "communication": communication,
        "contacts": partner.get("ContactPerson", []),
    }


def _account_columns(account: Data) -> Row:
    bank = account.get("BankAccount") or {}
    return {
        "payment_method": account["PaymentMethodCode"],
        "iban": bank.get("IBAN", "").replace(" ", "").upper() or None,
        "holder": bank.get("HolderName"),
        "bank_name": bank.get("BankName"),
        "invoice_delivery": account["InvoiceDeliveryCode"],
        "language": account["LanguageCode"],
        "dunning_procedure": account.get("DunningProcedureCode"),
        "budget_billing": int(account["BudgetBillingIndicator"] in {"true", "1"}),
        "is_default": int(account["DefaultIndicator"] in {"true", "1"}),
    }


def create_partner(office: Office, partner: Data) -> Outcome:
    """Create a business partner."""
    outcome = Outcome("BUSINESS_PARTNER", partner["ExternalReference"])
    if known := office.existing("business_partner", partner["ExternalReference"]):
        outcome.exists_already(known)
        return outcome
    outcome.findings = check_partner(office, partner)
    if not failed(outcome.findings):
        number = office.store.next_number("business_partner")
        office.store.insert(
            "business_partner",
            id=number,
            external_reference=partner["ExternalReference"],
            origin="CRM",
            **_partner_columns(partner),
        )
        outcome.keys["InternalID"] = number
        outcome.effect = "created"
    return outcome


def change_partner(office: Office, partner: Data) -> Outcome:
    """Replace the data of a business partner."""
    outcome = Outcome("BUSINESS_PARTNER", partner["ExternalReference"])
    key = {"InternalID": partner.get("BusinessPartnerID")} | partner
    known = office.find("business_partner", key)
    if known is None:
        outcome.findings = [_unknown("BusinessPartnerID", "business partner")]
        return outcome
    outcome.keys["InternalID"] = known["id"]
    outcome.findings = office.lock_on(known, "BusinessPartnerERPChangeRequest")
    outcome.findings += check_partner(office, partner)
    if not failed(outcome.findings):
        office.store.update(
            "business_partner",
            known["id"],
            external_reference=partner["ExternalReference"],
            **_partner_columns(partner),
        )
        outcome.effect = "changed"
    return outcome


def create_account(office: Office, account: Data) -> Outcome:
    """Create a contract account."""
    outcome = Outcome("CONTRACT_ACCOUNT", account["ExternalReference"])
    if known := office.existing("contract_account", account["ExternalReference"]):
        outcome.exists_already(known)
        return outcome
    partner = office.find("business_partner", account["BusinessPartner"])
    outcome.findings = office.lock_on(partner, "ContractAccountERPCreateRequest")
    outcome.findings += check_account(office, account)
    if partner and not failed(outcome.findings):
        number = office.store.next_number("contract_account")
        office.store.insert(
            "contract_account",
            id=number,
            external_reference=account["ExternalReference"],
            bp_id=partner["id"],
            monthly_base=0,
            unpaid_bills=0,
            dunning_level=0,
            credit_score=DEFAULT_CREDIT_SCORE,
            origin="CRM",
            **_account_columns(account),
        )
        outcome.keys["InternalID"] = number
        outcome.effect = "created"
    return outcome


def change_account(office: Office, account: Data) -> Outcome:
    """Replace the data of a contract account; its partner and what it owes stay."""
    outcome = Outcome("CONTRACT_ACCOUNT", account["ExternalReference"])
    key = {"InternalID": account.get("ContractAccountID")} | account
    known = office.find("contract_account", key)
    if known is None:
        outcome.findings = [_unknown("ContractAccountID", "contract account")]
        return outcome
    outcome.keys["InternalID"] = known["id"]
    outcome.findings = check_account(office, account)
    if not failed(outcome.findings):
        office.store.update(
            "contract_account",
            known["id"],
            external_reference=account["ExternalReference"],
            **_account_columns(account),
        )
        outcome.effect = "changed"
    return outcome


def create_connection_object(office: Office, building: Data) -> Outcome:
    """Create a connection object."""
    outcome = Outcome("CONNECTION_OBJECT", building["ExternalReference"])
    if known := office.existing("connection_object", building["ExternalReference"]):
        outcome.exists_already(known)
        return outcome
    outcome.findings = check_connection_object(office, building)
    if not failed(outcome.findings):
        number = office.store.next_number("connection_object")
        office.store.insert(
            "connection_object",
            id=number,
            external_reference=building["ExternalReference"],
            origin="CRM",
            **_address(building["Address"]),
        )
        outcome.keys["InternalID"] = number
        outcome.effect = "created"
    return outcome


def create_point_of_delivery(office: Office, point: Data) -> Outcome:
    """Create a point of delivery, and its premise when that is new."""
    outcome = Outcome("POINT_OF_DELIVERY", point["ExternalReference"])
    if known := office.existing("point_of_delivery", point["ExternalReference"]):
        outcome.exists_already(known)
        outcome.keys["PremiseID"] = known["premise_id"]
        return outcome
    outcome.findings = check_point_of_delivery(office, point)
    building = office.find("connection_object", point["ConnectionObject"])
    if building and not failed(outcome.findings):
        premise_id = _premise(office, point["Premise"], building["id"])
        number = office.store.next_number("point_of_delivery")
        office.store.insert(
            "point_of_delivery",
            id=number,
            external_reference=point["ExternalReference"],
            premise_id=premise_id,
            co_id=building["id"],
            external_id=point["ExternalID"],
            scheme=point["SchemeCode"],
            division=point["DivisionCode"],
            valid_from=point["ValidFrom"],
            valid_to=point.get("ValidTo"),
            services=point.get("Service", []),
            origin="CRM",
        )
        outcome.keys |= {"InternalID": number, "PremiseID": premise_id}
        outcome.effect = "created"
    return outcome


def _premise(office: Office, premise: Data, co_id: str) -> str:
    key = {"InternalID": premise.get("PremiseID")} | premise
    if known := office.find("premise", key):
        return str(known["id"])
    number = office.store.next_number("premise")
    office.store.insert(
        "premise",
        id=number,
        external_reference=premise["ExternalReference"],
        co_id=co_id,
        flat=premise.get("Flat"),
        floor=premise.get("Floor"),
        category=premise["CategoryCode"],
        origin="CRM",
    )
    return number


def create_contract(office: Office, contract: Data) -> Outcome:
    """Accept a contract; master-data generation follows in steps, or goes on where it broke off."""
    reference = contract["ExternalReference"]
    outcome = Outcome("CONTRACT", reference)
    known = office.existing("contract", reference)
    if known and known["overall"] != "FAILED":
        outcome.exists_already(known)
        return outcome
    parties = parties_of(office, contract)
    outcome.findings = office.lock_on(parties.partner, "UtilitiesContractERPCreateRequest")
    outcome.findings += check_contract(office, contract, parties)
    partner, account, point = parties.partner, parties.account, parties.point
    if failed(outcome.findings) or not (partner and account and point):
        return outcome
    columns = {
        "contract_reference": contract.get("ContractExternalReference"),
        "contract_number": contract.get("ContractNumber"),
        "role": contract["RoleCode"],
        "bp_id": partner["id"],
        "ca_id": account["id"],
        "pod_id": point["id"],
        "premise_id": point["premise_id"],
        "division": contract["DivisionCode"],
        "product": contract["ProductCode"],
        "template": contract["MasterDataTemplateCode"],
        "start_date": contract["StartDate"],
        "end_date": contract.get("EndDate"),
        "term_months": contract.get("TermMonths"),
        "annual_kwh": contract.get("ExpectedAnnualConsumption"),
        "request": contract,
        "status": "IN_PROCESS",
        "overall": "IN_PROCESS",
    }
    if known:
        office.store.update("contract", known["id"], **columns)
        outcome.keys["InternalID"] = known["id"]
        outcome.effect = "resumed"
        return outcome
    number = office.store.next_number("contract")
    office.store.insert(
        "contract",
        id=number,
        external_reference=reference,
        steps=[],
        sequence=0,
        origin="CRM",
        **columns,
    )
    outcome.keys["InternalID"] = number
    outcome.effect = "created"
    return outcome


def _unknown(field_name: str, what: str) -> Finding:
    return error("OBJECT_MISSING", field_name, f"The {what} to be changed is unknown")


@dataclass(frozen=True)
class Kind:
    """A one-way request: the element it carries, and who handles it."""

    element: str
    object_type: str
    handle: Callable[[Office, Data], Outcome]


KINDS: dict[str, Kind] = {
    "BusinessPartnerERPCreateRequest": Kind("BusinessPartner", "BUSINESS_PARTNER", create_partner),
    "BusinessPartnerERPChangeRequest": Kind("BusinessPartner", "BUSINESS_PARTNER", change_partner),
    "ContractAccountERPCreateRequest": Kind("ContractAccount", "CONTRACT_ACCOUNT", create_account),
    "ContractAccountERPChangeRequest": Kind("ContractAccount", "CONTRACT_ACCOUNT", change_account),
    "ConnectionObjectERPCreateRequest": Kind(
        "ConnectionObject", "CONNECTION_OBJECT", create_connection_object
    ),
    "PointOfDeliveryERPCreateRequest": Kind(
        "PointOfDelivery", "POINT_OF_DELIVERY", create_point_of_delivery
    ),
    "UtilitiesContractERPCreateRequest": Kind("UtilitiesContract", "CONTRACT", create_contract),
}
