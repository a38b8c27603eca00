"""Accounts and business agreements as the ERP's business partners and contract accounts."""

from __future__ import annotations

from typing import Any

from accounts.models import Account, BusinessAgreement
from billing_sync.gateway.mapping.codes import dunning_code
from billing_sync.gateway.mapping.values import day, reference, without_blanks


def business_partner(account: Account) -> dict[str, Any]:
    """Return an account in full; a change carries the complete new state."""
    return without_blanks(
        ExternalReference=str(account.uuid),
        BusinessPartnerID=account.erp_number,
        CategoryCode=account.kind,
        SegmentCode=account.segment,
        Title=account.get_title_display() if account.title else "",
        FirstName=account.first_name,
        LastName=account.last_name,
        OrganisationName=account.organisation_name,
        BirthDate=day(account.birth_date),
        TaxID=account.tax_id,
        LanguageCode=account.language,
        Address=without_blanks(
            StreetName=account.street,
            HouseID=account.house_number,
            Flat=account.flat,
            PostalCode=account.postcode,
            CityName=account.town,
            CountryCode=account.country,
        ),
        Communication=[
            {
                "TypeCode": point.kind,
                "Value": point.value,
                "DefaultIndicator": point.is_primary,
            }
            for point in account.contact_points.order_by("pk")
        ],
        ContactPerson=[
            without_blanks(
                Name=person.name, FunctionName=person.role, Phone=person.phone, Email=person.email
            )
            for person in account.contact_persons.order_by("pk")
        ],
    )


def contract_account(agreement: BusinessAgreement) -> dict[str, Any]:
    """Return a business agreement in full, with a reference to its account."""
    account = agreement.account
    return without_blanks(
        ExternalReference=str(agreement.uuid),
        ContractAccountID=agreement.erp_number,
        BusinessPartner=reference(account.uuid, account.erp_number),
        PaymentMethodCode=agreement.payment_method,
        BankAccount=without_blanks(
            IBAN=agreement.iban,
            HolderName=agreement.account_holder or account.name,
            BankName=agreement.bank_name,
        )
        if agreement.iban
        else None,
        InvoiceDeliveryCode=agreement.invoice_delivery,
        LanguageCode=agreement.language,
        DunningProcedureCode=dunning_code(agreement.dunning_procedure),
        BudgetBillingIndicator=agreement.budget_billing,
        DefaultIndicator=agreement.is_default,
    )
