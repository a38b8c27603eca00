"""The welcome letter: after the ERP has confirmed, and not before."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.choices import ContractSource
from contracts.models import Contract
from contracts.services import drafting
from contracts.services.requesting import NoEmailAddress, customer_of, email_of
from correspondence.choices import DocumentKind, MessagePurpose
from correspondence.models import Document
from correspondence.services.documents import request_document
from correspondence.services.mailing import send_message
from events.services import recording
from tenants.queries import current_profile
from utilcrm import clock


class NotConfirmedYet(Exception):
    """The ERP has not confirmed every item of the contract."""


@transaction.atomic
def send_welcome_letter(*, contract: Contract, actor: models.Model | None = None) -> Document:
    """
    Make the welcome letter in its next version, seal it, and mail it if there is an address.

    :raises NotConfirmedYet: if the ERP has not confirmed every item
    """
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    if contract.completed_at is None:
        raise NotConfirmedYet(_("The ERP has not confirmed the whole contract yet."))
    account = contract.account
    language = drafting.language_of(account)
    with translation.override(language):
        title = _("Welcome letter %(number)s") % {"number": contract.number}
        context = {
            "utility": drafting.describe_utility(current_profile()),
            "customer": drafting.describe_customer(account),
            "payment": drafting.describe_payment(contract),
            "contract": drafting.describe_contract(contract, language=language),
            "agreement_number": contract.business_agreement.number
            if contract.business_agreement
            else "",
            "day": drafting.day(clock.today()),
            "withdrawal_until": drafting.day(contract.withdrawal_until)
            if contract.withdrawal_until
            else "",
        }
    document = request_document(
        kind=DocumentKind.WELCOME_LETTER,
        subject=contract,
        customer=customer_of(account),
        title=title,
        template=drafting.WELCOME_TEMPLATE,
        language=language,
        context=context,
        seal=True,
    )
    address = contract.signature_request.sent_to if contract.signature_request else ""
    address = email_of(account) or address
    recording.record(
        "contracts.letter.issued",
        subject=contract,
        actor=actor,
        account_uuid=account.uuid,
        payload={
            "contract_uuid": str(contract.uuid),
            "document_uuid": str(document.uuid),
            "number": document.number,
            "sent_to": address,
        },
    )
    if address:
        send_message(
            purpose=MessagePurpose.WELCOME_LETTER,
            subject=contract,
            customer=customer_of(account),
            to=address,
            template="contracts/mail/welcome",
            language=language,
            context={"customer": account.name, "number": contract.number},
            documents=[document],
        )
    return document


@transaction.atomic
def resend_welcome_letter(*, contract: Contract, actor: models.Model) -> Document:
    """
    Send the welcome letter again, as a new version with today's facts.

    :raises NotConfirmedYet: if the ERP has not confirmed every item
    :raises contracts.services.requesting.NoEmailAddress: if there is no address to send it to
    """
    if contract.source == ContractSource.CRM and contract.completed_at is None:
        raise NotConfirmedYet(_("The ERP has not confirmed the whole contract yet."))
    if not email_of(contract.account) and contract.signature_request is None:
        raise NoEmailAddress(_("The account has no e-mail address."))
    return send_welcome_letter(contract=contract, actor=actor)
