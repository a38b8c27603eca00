"""Create and change business agreements."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.models import User
from accounts.choices import DunningProcedure, InvoiceDelivery, PaymentMethod
from accounts.models import Account, BusinessAgreement
from accounts.services.indexing import index_account
from events.services import recording
from events.services.telling import as_text
from utilcrm.db.numbering import next_number
from utilcrm.identifiers import validate_iban
from utilcrm.identifiers.bank import bank_name


class IbanMissing(ValueError):
    """Direct debit was chosen without a bank account."""

    field = "iban"


class PaperNotOffered(ValueError):
    """Paper was chosen for a corporate customer, whose invoices come by mail or portal only."""

    field = "invoice_delivery"


@dataclass(frozen=True)
class AgreementInput:
    """What a person says about paying and being billed; the IBAN as typed."""

    payment_method: str
    iban: str = ""
    account_holder: str = ""
    invoice_delivery: str = InvoiceDelivery.EMAIL
    language: str = ""
    is_default: bool = True
    dunning_procedure: str = DunningProcedure.STANDARD
    budget_billing: bool = True


def _checked(
    terms: AgreementInput, account: Account, *, delivery_before: str = ""
) -> dict[str, Any]:
    """
    Return the stored form of the terms.

    A bank account is kept for direct debit only: data that nothing needs is not stored.
    A corporate customer may keep the paper that the ERP says it has, and never choose it.

    :raises IbanMissing: if direct debit has no bank account
    :raises PaperNotOffered: if a corporate customer is to get paper from now on
    :raises InvalidIdentifier: if the IBAN is wrong
    """
    fields = asdict(terms)
    is_new = terms.invoice_delivery != delivery_before
    if is_new and _is_without_paper(account) and terms.invoice_delivery == InvoiceDelivery.PAPER:
        raise PaperNotOffered(_("Corporate customers get their invoices by e-mail or portal."))
    fields["language"] = terms.language or account.language
    if terms.payment_method != PaymentMethod.DIRECT_DEBIT:
        return fields | {"iban": "", "account_holder": "", "bank_name": ""}
    if not terms.iban.strip():
        raise IbanMissing(_("Direct debit needs the customer's IBAN."))
    iban = validate_iban(terms.iban)
    return fields | {
        "iban": iban,
        "bank_name": bank_name(iban)[:120],
        "account_holder": terms.account_holder.strip() or account.name,
    }


def _is_without_paper(account: Account) -> bool:
    return account.segment == SegmentCode.CORPORATE


@transaction.atomic
def create_agreement(
    *, account: Account, terms: AgreementInput, actor: User | None
) -> BusinessAgreement:
    """
    Create a business agreement of an account; the first one is the default whatever was asked.

    :raises IbanMissing: if direct debit has no bank account
    :raises PaperNotOffered: if the customer is corporate and paper was chosen
    :raises InvalidIdentifier: if the IBAN is wrong
    """
    owner = Account.objects.select_for_update().get(pk=account.pk)
    fields = _checked(terms, owner)
    fields["is_default"] = terms.is_default or not owner.agreements.exists()
    if fields["is_default"]:
        owner.agreements.filter(is_default=True).update(is_default=False)
    agreement = BusinessAgreement.objects.create(
        account=owner, number=next_number("accounts_agreement_number", width=12), **fields
    )
    index_account(owner)
    recording.record(
        "accounts.agreement.created",
        subject=agreement,
        actor=actor,
        account_uuid=owner.uuid,
        payload={
            "account_uuid": str(owner.uuid),
            "number": agreement.number,
            "payment_method": agreement.payment_method,
        },
    )
    return agreement


@transaction.atomic
def change_agreement(
    *,
    agreement_uuid: uuid.UUID,
    terms: AgreementInput,
    actor: User | None,
    version: int | None = None,
) -> BusinessAgreement:
    """
    Change how an account pays and is billed. Open contracts keep pointing at the agreement.

    :raises StaleVersion: if somebody else changed it since `version` was read
    :raises IbanMissing: if direct debit has no bank account
    :raises PaperNotOffered: if the customer is corporate and paper was chosen
    :raises InvalidIdentifier: if the IBAN is wrong
    """
    agreement = (
        BusinessAgreement.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(uuid=agreement_uuid)
    )
    agreement.require_version(version)
    fields = _checked(terms, agreement.account, delivery_before=agreement.invoice_delivery)
    if agreement.is_default:
        # One agreement stays the default: another takes over by becoming it, not by this one's end.
        fields["is_default"] = True
    elif fields["is_default"]:
        agreement.account.agreements.filter(is_default=True).update(is_default=False)
    before = {name: as_text(getattr(agreement, name)) for name in fields}
    changed = agreement.change(**fields)
    if changed:
        recording.record(
            "accounts.agreement.changed",
            subject=agreement,
            actor=actor,
            account_uuid=agreement.account.uuid,
            payload={
                "account_uuid": str(agreement.account.uuid),
                "number": agreement.number,
                "fields": changed,
                "before": {name: before[name] for name in changed},
            },
        )
    return agreement
