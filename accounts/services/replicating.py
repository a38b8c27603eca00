"""Store the numbers that the ERP gives to what we sent it."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.models import Account, BusinessAgreement
from accounts.services.indexing import index_account
from events.services import recording


@transaction.atomic
def record_account_erp_number(*, account_uuid: uuid.UUID, erp_number: str) -> Account:
    """
    Store the business partner's number. A repetition of the same number changes nothing.

    :raises Account.DoesNotExist: if no account has this UUID
    :raises IntegrityError: if another account has the number
    """
    account = Account.objects.select_for_update().get(uuid=account_uuid)
    if account.erp_number == erp_number:
        return account
    account.mark_replicated(erp_number)
    index_account(account)
    recording.record(
        "accounts.account.erp_number_received",
        subject=account,
        account_uuid=account.uuid,
        payload={"account_uuid": str(account.uuid), "erp_number": erp_number},
    )
    return account


@transaction.atomic
def record_agreement_erp_number(*, agreement_uuid: uuid.UUID, erp_number: str) -> BusinessAgreement:
    """
    Store the contract account's number. A repetition of the same number changes nothing.

    :raises BusinessAgreement.DoesNotExist: if no agreement has this UUID
    :raises IntegrityError: if another agreement has the number
    """
    agreement = (
        BusinessAgreement.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(uuid=agreement_uuid)
    )
    if agreement.erp_number == erp_number:
        return agreement
    agreement.mark_replicated(erp_number)
    index_account(agreement.account)
    recording.record(
        "accounts.agreement.erp_number_received",
        subject=agreement,
        account_uuid=agreement.account.uuid,
        payload={"account_uuid": str(agreement.account.uuid), "erp_number": erp_number},
    )
    return agreement
