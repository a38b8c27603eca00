"""
Take over accounts and business agreements of another system, set by set.

Every row brings its own UUID, made of the other system's keys: what is here already under it is
left as it is, so that a second run makes nothing. The values are checked by whoever calls. Nothing
is told to the ERP: an account without its number stays pending until the ERP names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.choices import Source
from accounts.models import Account, BusinessAgreement, ContactPoint
from utilcrm.db.copying import copy_objects
from utilcrm.db.numbering import reserve_numbers


@dataclass(frozen=True)
class ImportedAccount:
    """An account with its fields in stored form; `contacts` are (kind, value, display)."""

    uuid: UUID
    fields: dict[str, Any]
    contacts: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class ImportedAgreement:
    """A business agreement of the account with a UUID, its fields in stored form."""

    uuid: UUID
    account: UUID
    fields: dict[str, Any]


@transaction.atomic
def import_accounts(rows: Iterable[ImportedAccount]) -> list[Account]:
    """Create the accounts that are not here yet, with how to reach them; return the new ones."""
    wanted = {row.uuid: row for row in rows}
    there = set(Account.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    new = [row for row in wanted.values() if row.uuid not in there]
    numbers = reserve_numbers("accounts_account_number", len(new), width=10)
    made = copy_objects(
        Account(uuid=row.uuid, number=number, source=Source.IMPORT, **row.fields)
        for row, number in zip(new, numbers, strict=True)
    )
    copy_objects(
        point
        for account, row in zip(made, new, strict=True)
        for point in _contact_points(account, row)
    )
    return made


def _contact_points(account: Account, row: ImportedAccount) -> list[ContactPoint]:
    with_primary: set[str] = set()
    points = []
    for kind, value, display in row.contacts:
        points.append(
            ContactPoint(
                account=account,
                kind=kind,
                value=value,
                display=display,
                is_primary=kind not in with_primary,
            )
        )
        with_primary.add(kind)
    return points


@transaction.atomic
def import_agreements(rows: Iterable[ImportedAgreement]) -> list[BusinessAgreement]:
    """
    Create the agreements that are not here yet and return them.

    The first one of an account without a default becomes its default.
    """
    wanted = {row.uuid: row for row in rows}
    there = set(BusinessAgreement.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    new = [row for row in wanted.values() if row.uuid not in there]
    accounts = dict(
        Account.objects.filter(uuid__in={row.account for row in new}).values_list("uuid", "pk")
    )
    with_default = set(
        BusinessAgreement.objects.filter(
            account__in=accounts.values(), is_default=True
        ).values_list("account_id", flat=True)
    )
    numbers = reserve_numbers("accounts_agreement_number", len(new), width=12)
    made = []
    for row, number in zip(new, numbers, strict=True):
        account_id = accounts[row.account]
        made.append(
            BusinessAgreement(
                uuid=row.uuid,
                number=number,
                account_id=account_id,
                is_default=account_id not in with_default,
                source=Source.IMPORT,
                **row.fields,
            )
        )
        with_default.add(account_id)
    return copy_objects(made)
