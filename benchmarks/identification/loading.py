"""Load customers: accounts by COPY, the search index by the product's own set-based service."""

from __future__ import annotations

import csv
import io
import random
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.utils import timezone

from access.choices import SegmentCode
from accounts.choices import AccountKind, Source
from benchmarks.identification.customers import Customer
from identification.choices import EntryKind, IdentifierKind
from identification.services.indexing import Row, put_many
from identification.services.recounting import recount_words

_BATCH = 5_000
_COLUMNS = (
    "id", "uuid", "created_at", "updated_at", "version", "number", "erp_number", "kind", "segment",
    "title", "first_name", "last_name", "organisation_name", "birth_date", "tax_id", "language",
    "source", "street", "house_number", "flat", "postcode", "town", "country",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What loading took; memory in MiB, when a tenth was loaded and at the end."""

    seconds: float
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


def pick(count: int, *, sample: int) -> set[int]:
    """Return the numbers of the customers who are asked for; the same ones every time."""
    draw = random.Random(1)  # noqa: S311 - nothing is secret here
    return set(draw.sample(range(count), min(sample, count)))


def load(customers: Iterator[Customer], *, count: int) -> Loaded:
    """Load customers, batch by batch, and return what it took."""
    entries = done = early = 0
    started = time.monotonic()
    while batch := list(islice(customers, _BATCH)):
        _copy_accounts(batch)
        entries += put_many(row for customer in batch for row in entries_of(customer))
        done += len(batch)
        early = early or (_memory() if done * 10 >= count else 0)
    loaded = Loaded(time.monotonic() - started, entries, early, _memory())
    recount_words()
    with connection.cursor() as cursor:
        for table in ("entry", "identifier", "word"):
            cursor.execute(f"VACUUM ANALYZE identification_{table}")
    return loaded


def _copy_accounts(batch: Sequence[Customer]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    now = timezone.now().isoformat()
    for customer in batch:
        writer.writerow(_account_values(customer, now))
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY accounts_account ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT csv, NULL '\\N')",
            text,
        )


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
