"""Keep the search index in step with accounts."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Prefetch, QuerySet

from accounts.choices import ContactKind
from accounts.models import Account, BusinessAgreement, ContactPoint
from identification.choices import EntryKind, IdentifierKind
from identification.models import Identifier
from identification.services import indexing

_CHUNK = 2000


def index_account(account: Account, *, contract_numbers: Iterable[str] | None = None) -> None:
    """
    Index an account in the caller's transaction.

    Contract numbers belong to a higher floor: they stay as they are unless they are given.
    """
    if contract_numbers is None:
        numbers = _kept([account.pk])[account.pk]
    else:
        numbers = list(contract_numbers)
    indexing.put_many([_row(account, numbers)])


def reindex_accounts(
    *,
    erp_numbers: Iterable[str] | None = None,
    contract_numbers_of: Mapping[int, list[str]] | None = None,
) -> int:
    """
    Index the accounts with these ERP numbers, or all, set by set; return how many.

    `contract_numbers_of` maps account keys to what a higher floor knows better.
    """
    accounts = Account.objects.prefetch_related(
        Prefetch("contact_points", ContactPoint.objects.order_by("-is_primary", "id")),
        Prefetch("agreements", BusinessAgreement.objects.order_by("id")),
    )
    chunks = _pages(accounts) if erp_numbers is None else _chunks(accounts, erp_numbers)
    return sum(indexing.put_many(_rows(chunk, contract_numbers_of or {})) for chunk in chunks)


def _pages(accounts: QuerySet[Account]) -> Iterator[list[Account]]:
    last = 0
    while page := list(accounts.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield page
        last = page[-1].pk


def _chunks(accounts: QuerySet[Account], erp_numbers: Iterable[str]) -> Iterator[list[Account]]:
    remaining = iter(erp_numbers)
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        yield list(accounts.filter(erp_number__in=chunk))


def _rows(
    accounts: list[Account], contract_numbers_of: Mapping[int, list[str]]
) -> Iterator[indexing.Row]:
    kept = _kept([account.pk for account in accounts])
    return (
        _row(account, contract_numbers_of.get(account.pk, kept[account.pk])) for account in accounts
    )


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


def _row(account: Account, contract_numbers: Iterable[str]) -> indexing.Row:
    return indexing.Row(
        kind=EntryKind.ACCOUNT,
        subject_id=account.pk,
        subject_uuid=account.uuid,
        account_id=account.pk,
        segment=account.segment,
        label=account.name,
        sublabel=" · ".join(part for part in (account.number, account.address_line) if part),
        names=tuple(name for name in (account.first_name, account.last_name) if name),
        organisation=account.organisation_name,
        street=account.street,
        house_number=account.house_number,
        flat=account.flat,
        postcode=account.postcode,
        town=account.town,
        birth_date=account.birth_date,
        identifiers=[
            *_own_identifiers(account),
            *((IdentifierKind.CONTRACT_NUMBER, number) for number in contract_numbers),
        ],
    )


def _own_identifiers(account: Account) -> Iterator[tuple[IdentifierKind, str]]:
    yield IdentifierKind.ACCOUNT_NUMBER, account.number
    if account.erp_number:
        yield IdentifierKind.ERP_PARTNER, account.erp_number
    if account.tax_id:
        yield IdentifierKind.TAX_ID, account.tax_id
    for point in account.contact_points.all():
        is_email = point.kind == ContactKind.EMAIL
        yield (IdentifierKind.EMAIL if is_email else IdentifierKind.PHONE), point.value
    for agreement in account.agreements.all():
        yield IdentifierKind.AGREEMENT_NUMBER, agreement.number
        if agreement.erp_number:
            yield IdentifierKind.ERP_AGREEMENT, agreement.erp_number
