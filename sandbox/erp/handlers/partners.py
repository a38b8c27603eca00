"""Business partners and contract accounts."""

from sandbox.erp.book.store import Row
from sandbox.erp.findings import failed
from sandbox.erp.handlers.outcome import Data, Outcome, address_columns, unknown
from sandbox.erp.office import Office
from sandbox.erp.rules import check_account, check_partner

DEFAULT_CREDIT_SCORE = 75


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
        **address_columns(partner["Address"]),
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
        outcome.findings = [unknown("BusinessPartnerID", "business partner")]
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
        outcome.findings = [unknown("ContractAccountID", "contract account")]
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
