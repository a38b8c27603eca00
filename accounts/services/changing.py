"""Change accounts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from access.models import User
from accounts.models import Account
from accounts.services.contacting import ContactInput, set_contact_points
from accounts.services.creating import AccountInput, checked_fields, refuse_known_tax_id
from accounts.services.indexing import index_account
from events.services import recording
from events.services.telling import as_text
from tenants.queries import current_profile


@transaction.atomic
def change_account(
    *,
    account_uuid: uuid.UUID,
    facts: AccountInput,
    contact_points: Iterable[ContactInput] | None = None,
    actor: User | None,
    version: int | None = None,
) -> Account:
    """
    Change an account's facts, and its contact points unless they are None.

    The kind stays what it was: a person who founds a company is a new partner to the ERP. The
    segment stays too, because it decides who may see the account; moving it is another operation.

    :raises StaleVersion: if somebody else changed it since `version` was read
    :raises DuplicateAccount: if another account has the tax number
    :raises InvalidIdentifier: if postcode, tax number, telephone or e-mail cannot be right
    """
    account = Account.objects.select_for_update().get(uuid=account_uuid)
    account.require_version(version)
    values = checked_fields(facts)
    del values["kind"], values["segment"]
    if values["tax_id"] != account.tax_id:
        refuse_known_tax_id(values["tax_id"], actor=actor, except_for=account)
    before = {name: as_text(getattr(account, name)) for name in values}
    changed = account.change(**values)
    if contact_points is not None and _replace_contacts(account, contact_points):
        if not changed:
            account.save_changes()
        changed.append("contact_points")
    if changed:
        index_account(account)
        recording.record(
            "accounts.account.changed",
            subject=account,
            actor=actor,
            account_uuid=account.uuid,
            payload={
                "account_uuid": str(account.uuid),
                "number": account.number,
                "fields": changed,
                "before": {name: before[name] for name in changed if name in before},
            },
        )
    return account


def _replace_contacts(account: Account, contacts: Iterable[ContactInput]) -> bool:
    """Set the contact points and tell whether that changed anything."""
    region = current_profile().phone_region
    before = set(account.contact_points.values_list("kind", "value", "is_primary"))
    set_contact_points(account, contacts, region=region)
    return before != set(account.contact_points.values_list("kind", "value", "is_primary"))
