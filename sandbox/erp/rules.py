"""The checks on business partners, accounts and technical objects."""

from datetime import date, timedelta
from typing import Any

from sandbox.erp.book.identifiers import external_id_is_valid, iban_is_valid
from sandbox.erp.findings import Finding, error
from sandbox.erp.office import Office
from sandbox.erp.regional import check_address

Data = dict[str, Any]
OLDEST = timedelta(days=120 * 366)


def check_partner(office: Office, partner: Data) -> list[Finding]:
    """Return the findings on a business partner."""
    findings = []
    if partner["CategoryCode"] == "PERSON" and not partner.get("LastName"):
        findings.append(error("NAME_MISSING", "LastName", "A person needs a last name"))
    if partner["CategoryCode"] == "ORGANISATION" and not partner.get("OrganisationName"):
        note = "An organisation needs a name"
        findings.append(error("NAME_MISSING", "OrganisationName", note))
    if born := partner.get("BirthDate"):
        today = office.today()
        if not today - OLDEST < date.fromisoformat(born) <= today:
            note = f"Birth date {born} lies in the future or too far back"
            findings.append(error("BIRTH_DATE_INVALID", "BirthDate", note))
    return findings + check_address(office.client.country, partner["Address"])


def check_account(office: Office, account: Data, *, partner_comes: bool = False) -> list[Finding]:
    """Return the findings on a contract account.

    `partner_comes` is for simulations: the partner would be made before the account.
    """
    findings = []
    if not partner_comes and office.find("business_partner", account["BusinessPartner"]) is None:
        note = "The business partner of the contract account is unknown"
        findings.append(error("BP_MISSING", "BusinessPartner", note))
    bank = account.get("BankAccount")
    if bank and not iban_is_valid(bank["IBAN"]):
        note = f"IBAN {bank['IBAN']} has a wrong length or check digits"
        findings.append(error("IBAN_INVALID", "IBAN", note))
    if account["PaymentMethodCode"] == "DIRECT_DEBIT" and not bank:
        findings.append(error("IBAN_MISSING", "IBAN", "Direct debit needs a bank account"))
    return findings


def check_connection_object(office: Office, connection_object: Data) -> list[Finding]:
    """Return the findings on a connection object."""
    return check_address(office.client.country, connection_object["Address"])


def check_point_of_delivery(
    office: Office, point: Data, *, building_comes: bool = False
) -> list[Finding]:
    """Return the findings on a point of delivery.

    `building_comes` is for simulations: the connection object would be made before.
    """
    findings = []
    building = office.find("connection_object", point["ConnectionObject"])
    if building is None and not building_comes:
        note = "The connection object of the point of delivery is unknown"
        findings.append(error("CO_MISSING", "ConnectionObject", note))
    external_id = point["ExternalID"]
    if not external_id_is_valid(point["SchemeCode"], external_id):
        note = f"{external_id} is no valid {point['SchemeCode']}"
        findings.append(error("POD_ID_INVALID", "ExternalID", note))
    other = office.store.one(
        "SELECT id, external_reference FROM point_of_delivery WHERE external_id = ?", external_id
    )
    if other and other["external_reference"] != point["ExternalReference"]:
        note = f"{external_id} is point of delivery {other['id']} already"
        findings.append(error("POD_DUPLICATE", "ExternalID", note))
    return findings
