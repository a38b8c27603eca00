"""Load customers and what the search index holds of them, by COPY."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.utils import timezone

from access.choices import SegmentCode
from accounts.choices import AccountKind, Source
from benchmarks.identification.copying import (
    ENTRY,
    IDENTIFIER,
    WORD,
    IndexLines,
    Vocabulary,
    copy,
    line,
)
from benchmarks.identification.customers import BLOCK, Customer, Population
from benchmarks.identification.indexes import made_afterwards
from identification.choices import EntryKind, IdentifierKind
from identification.services.indexing import Row

_BATCH = 5_000
_BLOCKS_ASKED = 100
_TABLES = (
    "accounts_account", "identification_entry", "identification_identifier", "identification_word",
)  # fmt: skip
_COLUMNS = (
    "id", "uuid", "created_at", "updated_at", "version", "number", "erp_number", "kind", "segment",
    "title", "first_name", "last_name", "organisation_name", "birth_date", "tax_id", "language",
    "source", "street", "house_number", "flat", "postcode", "town", "country",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What loading took: seconds; memory in MiB, when a tenth was loaded and at the end."""

    copying: float
    indexing: float
    entries: int
    early_memory: int
    late_memory: int


def entries_of(customer: Customer) -> tuple[Row, Row]:
    """Return what the index holds of a customer: the account and the premise."""
    segment = SegmentCode.CORPORATE if customer.organisation else SegmentCode.RESIDENTIAL
    kinds = IdentifierKind
    account = Row(
        kind=EntryKind.ACCOUNT,
        subject_id=customer.number + 1,
        subject_uuid=customer.account_uuid,
        account_id=customer.number + 1,
        segment=segment.value,
        label=customer.name,
        sublabel=f"{customer.account_number} · {customer.address}",
        names=(customer.first, customer.last) if customer.last else (),
        organisation=customer.organisation,
        street=customer.street,
        house_number=customer.house,
        flat=customer.flat,
        postcode=customer.postcode,
        town=customer.town,
        birth_date=customer.birth_date,
        identifiers=(
            (kinds.ACCOUNT_NUMBER, customer.account_number),
            (kinds.ERP_PARTNER, customer.erp_partner),
            (kinds.AGREEMENT_NUMBER, customer.agreement_number),
            (kinds.PHONE, customer.phone),
            (kinds.EMAIL, customer.email),
        ),
    )
    premise = Row(
        kind=EntryKind.PREMISE,
        subject_id=customer.number + 1,
        subject_uuid=customer.premise_uuid,
        account_id=customer.number + 1,
        segment=segment.value,
        label=customer.address,
        sublabel=f"MPAN {customer.mpan}",
        street=customer.street,
        house_number=customer.house,
        flat=customer.flat,
        postcode=customer.postcode,
        town=customer.town,
        identifiers=((kinds.METER, customer.meter), (kinds.POD, customer.mpan)),
    )
    return account, premise


def pick(population: Population, count: int, *, sample: int) -> list[Customer]:
    """Return customers to ask for, from blocks all over; the same ones every time."""
    blocks = range(count // BLOCK)
    if len(blocks) <= _BLOCKS_ASKED:
        return list(population.customers(min(count, sample)))
    draw = random.Random(1)  # noqa: S311 - nothing is secret here
    each = sample // _BLOCKS_ASKED
    return [
        customer
        for number in draw.sample(blocks, _BLOCKS_ASKED)
        for customer in islice(population.block(number), each)
    ]


def load(population: Population, *, count: int) -> Loaded:
    """
    Load customers by COPY and return what it took.

    While the database takes a batch in, the text of the next one is made in a second thread.
    """
    started = time.monotonic()
    early = 0
    vocabulary = Vocabulary()
    batches = _batches(population.customers(count), vocabulary)
    with ThreadPoolExecutor(1, "making") as maker, made_afterwards(_TABLES):
        making = maker.submit(next, batches, None)
        while batch := making.result():
            making = maker.submit(next, batches, None)
            batch.copy()
            early = early or (_memory() if batch.last * 10 >= count else 0)
        late = _memory()
        copy("identification_word", WORD, vocabulary.word_lines())
        copied = time.monotonic()
    _finish()
    ended = time.monotonic()
    return Loaded(copied - started, ended - copied, vocabulary.entries, early, late)


@dataclass(frozen=True)
class _Batch:
    last: int
    accounts: Sequence[str]
    index: IndexLines

    def copy(self) -> None:
        copy("accounts_account", _COLUMNS, self.accounts)
        copy("identification_entry", ENTRY, self.index.entries)
        copy("identification_identifier", IDENTIFIER, self.index.identifiers)


def _batches(customers: Iterator[Customer], vocabulary: Vocabulary) -> Iterator[_Batch]:
    now = timezone.now().isoformat()
    while some := list(islice(customers, _BATCH)):
        yield _Batch(
            some[-1].number + 1,
            [line(*_account_values(customer, now)) for customer in some],
            vocabulary.lines(row for customer in some for row in entries_of(customer)),
        )


def _finish() -> None:
    """Let the product's own writes go on after the keys that were given, and measure the tables."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            highest = f"SELECT max(id) FROM {table}"  # noqa: S608 - a name of our own
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({highest}))")
            cursor.execute(f"VACUUM ANALYZE {table}")


def _account_values(customer: Customer, now: str) -> tuple[object, ...]:
    organised = bool(customer.organisation)
    return (
        customer.number + 1, customer.account_uuid, now, now, 1, customer.account_number,
        customer.erp_partner, AccountKind.ORGANISATION if organised else AccountKind.PERSON,
        SegmentCode.CORPORATE if organised else SegmentCode.RESIDENTIAL, "", customer.first,
        customer.last, customer.organisation, customer.birth_date or r"\N", "", "en", Source.ERP,
        customer.street, customer.house, customer.flat, customer.postcode, customer.town, "GB",
    )  # fmt: skip


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
