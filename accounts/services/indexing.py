"""Keep the search index in step with accounts."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from accounts.choices import AccountKind, ContactKind
from accounts.models import Account
from identification.choices import EntryKind, IdentifierKind
from identification.models import Identifier
from identification.services import indexing
from utilcrm.db.staging import fetch
from utilcrm.identifiers.addresses import street_line, town_line

_CHUNK = 2000
_FACTS = """
SELECT a.id, a.uuid, a.kind, a.segment, a.number, a.erp_number, a.tax_id, a.first_name,
  a.last_name, a.organisation_name, a.birth_date, a.street, a.house_number, a.flat, a.postcode,
  a.town, a.country,
  ARRAY(
    SELECT p.kind || ' ' || p.value FROM accounts_contactpoint p WHERE p.account_id = a.id
  ),
  ARRAY(
    SELECT b.number || ' ' || b.erp_number FROM accounts_businessagreement b
    WHERE b.account_id = a.id
  )
FROM accounts_account a
"""


class _Facts(NamedTuple):
    """What the index keeps of an account; read set by set, without making models of it."""

    pk: int
    uuid: UUID
    kind: str
    segment: str
    number: str
    erp_number: str
    tax_id: str
    first_name: str
    last_name: str
    organisation_name: str
    birth_date: object
    street: str
    house_number: str
    flat: str
    postcode: str
    town: str
    country: str
    contacts: list[str]
    agreements: list[str]


def index_account(account: Account, *, contract_numbers: Iterable[str] | None = None) -> None:
    """
    Index an account as it is stored, in the caller's transaction.

    Contract numbers belong to a higher floor: they stay as they are unless they are given.
    """
    found = _read("WHERE a.id = ANY(%s)", [account.pk])
    numbers = {} if contract_numbers is None else {account.pk: list(contract_numbers)}
    indexing.put_many(_rows(found, numbers))


def reindex_accounts(
    *,
    erp_numbers: Iterable[str] | None = None,
    keys: Sequence[int] | None = None,
    contract_numbers_of: Mapping[int, list[str]] | None = None,
) -> int:
    """
    Index the accounts with these ERP numbers, or keys, or all, set by set; return how many.

    `contract_numbers_of` maps account keys to what a higher floor knows better.
    """
    if keys is not None:
        chunks: Iterator[list[_Facts]] = iter([_read("WHERE a.id = ANY(%s)", keys)])
    else:
        chunks = _pages() if erp_numbers is None else _chunks(erp_numbers)
    return sum(indexing.put_many(_rows(chunk, contract_numbers_of or {})) for chunk in chunks)


def index_accounts(
    account_ids: Sequence[int], *, contract_numbers_of: Mapping[int, list[str]] | None = None
) -> int:
    """Index some accounts, in the caller's transaction, set by set; return how many."""
    found = _read("WHERE a.id = ANY(%s)", account_ids)
    return indexing.put_many(_rows(found, contract_numbers_of or {}))


def _read(condition: str, keys: Sequence[int] | Sequence[str]) -> list[_Facts]:
    return [_Facts(*row) for row in fetch(f"{_FACTS} {condition}", [list(keys)])]


def _pages() -> Iterator[list[_Facts]]:
    last = 0
    while keys := list(
        Account.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
    ):
        yield _read("WHERE a.id = ANY(%s)", keys)
        last = keys[-1]


def _chunks(erp_numbers: Iterable[str]) -> Iterator[list[_Facts]]:
    remaining = iter(erp_numbers)
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        yield _read("WHERE a.erp_number = ANY(%s) AND a.erp_number <> ''", chunk)


def _rows(
    found: list[_Facts], contract_numbers_of: Mapping[int, list[str]]
) -> Iterator[indexing.Row]:
    kept = _kept([facts.pk for facts in found if facts.pk not in contract_numbers_of])
    for facts in found:
        yield _row(facts, contract_numbers_of.get(facts.pk, kept[facts.pk]))


def _kept(account_ids: list[int]) -> dict[int, list[str]]:
    numbers: dict[int, list[str]] = defaultdict(list)
    rows = Identifier.objects.filter(
        entry__kind=EntryKind.ACCOUNT,
        entry__subject_id__in=account_ids,
        kind=IdentifierKind.CONTRACT_NUMBER,
    ).values_list("entry__subject_id", "value")
    for subject_id, value in rows:
        numbers[subject_id].append(value)
    return numbers


def _row(facts: _Facts, contract_numbers: list[str]) -> indexing.Row:
    is_organisation = facts.kind == AccountKind.ORGANISATION.value
    names = tuple(name for name in (facts.first_name, facts.last_name) if name)
    address = (
        street_line(facts.street, facts.house_number, facts.flat, facts.country),
        town_line(facts.postcode, facts.town, facts.country),
    )
    return indexing.Row(
        kind=EntryKind.ACCOUNT,
        subject_id=facts.pk,
        subject_uuid=facts.uuid,
        account_id=facts.pk,
        segment=facts.segment,
        label=facts.organisation_name if is_organisation else " ".join(names),
        sublabel=" · ".join(
            part for part in (facts.number, ", ".join(line for line in address if line)) if part
        ),
        names=names,
        organisation=facts.organisation_name,
        street=facts.street,
        house_number=facts.house_number,
        flat=facts.flat,
        postcode=facts.postcode,
        town=facts.town,
        birth_date=facts.birth_date,  # type: ignore[arg-type]
        identifiers=[
            *_own_identifiers(facts),
            *((IdentifierKind.CONTRACT_NUMBER, number) for number in contract_numbers),
        ],
    )


def _own_identifiers(facts: _Facts) -> Iterator[tuple[IdentifierKind, str]]:
    yield IdentifierKind.ACCOUNT_NUMBER, facts.number
    if facts.erp_number:
        yield IdentifierKind.ERP_PARTNER, facts.erp_number
    if facts.tax_id:
        yield IdentifierKind.TAX_ID, facts.tax_id
    for contact in facts.contacts:
        kind, _space, value = contact.partition(" ")
        is_email = kind == ContactKind.EMAIL.value
        yield (IdentifierKind.EMAIL if is_email else IdentifierKind.PHONE), value
    for agreement in facts.agreements:
        number, _space, erp_number = agreement.partition(" ")
        yield IdentifierKind.AGREEMENT_NUMBER, number
        if erp_number:
            yield IdentifierKind.ERP_AGREEMENT, erp_number
