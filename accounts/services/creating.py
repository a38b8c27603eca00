"""Create accounts, and never the same one twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.choices import AccountKind
from accounts.models import Account
from accounts.queries.duplicates import Match, likely_matches, same_tax_id
from accounts.services.agreeing import AgreementInput, create_agreement
from accounts.services.contacting import ContactInput, check_contact, set_contact_points
from accounts.services.indexing import index_account
from events.services import recording
from tenants.queries import current_profile
from utilcrm.db.locks import lock_until_commit
from utilcrm.db.numbering import next_number
from utilcrm.identifiers import validate_tax_id
from utilcrm.identifiers.addresses import validate_postcode


class DuplicateAccount(Exception):
    """The account exists already, or probably does; `matches` says which, `is_certain` how sure."""

    def __init__(self, matches: list[Match], *, is_certain: bool) -> None:
        super().__init__(
            _("This account exists already.")
            if is_certain
            else _("Very similar accounts exist: look at them first.")
        )
        self.matches = matches
        self.is_certain = is_certain


@dataclass(frozen=True)
class AccountInput:
    """What a person says about a business partner, as typed."""

    kind: str
    segment: str
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    organisation_name: str = ""
    birth_date: dt.date | None = None
    tax_id: str = ""
    language: str = ""
    street: str = ""
    house_number: str = ""
    flat: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""


def checked_fields(facts: AccountInput) -> dict[str, Any]:
    """
    Return the stored form of the facts, with the tenant's country and language where none is said.

    What belongs to the other kind of partner is dropped: an organisation has no date of birth.

    :raises InvalidIdentifier: if the postcode or the tax number cannot be right
    """
    profile = current_profile()
    values: dict[str, Any] = {
        field.name: " ".join(value.split()) if isinstance(value, str) else value
        for field in fields(facts)
        for value in [getattr(facts, field.name)]
    }
    values["language"] = values["language"] or profile.language[:2]
    values["country"] = values["country"] or profile.market
    is_organisation = facts.kind == AccountKind.ORGANISATION
    if is_organisation:
        values |= {"title": "", "first_name": "", "last_name": "", "birth_date": None}
    else:
        values["organisation_name"] = ""
    if values["tax_id"]:
        values["tax_id"] = validate_tax_id(
            values["tax_id"], profile.market, organisation=is_organisation
        )
    if values["postcode"]:
        values["postcode"] = validate_postcode(values["postcode"], values["country"])
    return values


def refuse_known_tax_id(tax_id: str, *, actor: User | None, except_for: Account | None) -> None:
    """
    Refuse a tax number that another account has, also one that the actor may not see.

    Holds a lock until the transaction ends, so that two people cannot create it at once.

    :raises DuplicateAccount: if it is taken
    """
    if not tax_id:
        return
    lock_until_commit("accounts.tax_id", tax_id)
    taken = same_tax_id(tax_id, actor=actor, except_for=except_for)
    if taken:
        raise DuplicateAccount(taken, is_certain=True)


@transaction.atomic
def create_account(
    *,
    facts: AccountInput,
    contact_points: Iterable[ContactInput] = (),
    agreement: AgreementInput | None = None,
    actor: User | None,
    is_known_to_differ: bool = False,
) -> Account:
    """
    Create an account, how to reach it, and its first business agreement if one is given.

    `is_known_to_differ` says that a person has looked at the similar accounts; the same tax number
    is refused all the same.

    :raises DuplicateAccount: if it exists already, or probably does and nobody has looked
    :raises InvalidIdentifier: if postcode, tax number, telephone, e-mail or IBAN cannot be right
    :raises IbanMissing: if direct debit has no bank account
    """
    profile = current_profile()
    contacts = list(contact_points)
    values = checked_fields(facts)
    refuse_known_tax_id(values["tax_id"], actor=actor, except_for=None)
    if not is_known_to_differ:
        reach = [check_contact(one, region=profile.phone_region) for one in contacts]
        matches = likely_matches(values, [(one.kind, one.value) for one in reach], actor=actor)
        if matches:
            raise DuplicateAccount(matches, is_certain=False)
    account = Account.objects.create(
        number=next_number("accounts_account_number", width=10), **values
    )
    set_contact_points(account, contacts, region=profile.phone_region)
    index_account(account)
    recording.record(
        "accounts.account.created",
        subject=account,
        actor=actor,
        account_uuid=account.uuid,
        payload={
            "account_uuid": str(account.uuid),
            "number": account.number,
            "kind": account.kind,
            "segment": account.segment,
        },
    )
    if agreement is not None:
        create_agreement(account=account, terms=agreement, actor=actor)
    return account
