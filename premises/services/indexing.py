"""Keep the search index in step with premises."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from identification.choices import EntryKind, IdentifierKind
from identification.models import Entry, Identifier
from identification.services import indexing
from premises.models import Premise
from utilcrm.db.staging import fetch
from utilcrm.identifiers.addresses import street_line, town_line

_CHUNK = 2000
_FACTS = """
SELECT p.id, p.uuid, p.segment, p.flat, p.floor, c.street, c.house_number, c.postcode, c.town,
  c.country,
  ARRAY(
    SELECT d.scheme || ' ' || d.external_id FROM premises_pointofdelivery d
    WHERE d.premise_id = p.id ORDER BY d.division, d.id
  )
FROM premises_premise p JOIN premises_connectionobject c ON c.id = p.connection_object_id
"""


class _Facts(NamedTuple):
    """What the index keeps of a premise; read set by set, without making models of it."""

    pk: int
    uuid: UUID
    segment: str | None
    flat: str
    floor: str
    street: str
    house_number: str
    postcode: str
    town: str
    country: str
    pods: list[str]


@dataclass
class _FromAbove:
    """What higher floors have said of a premise: meters, and whom it is supplied to."""

    meters: list[str] = field(default_factory=list)
    account_id: int | None = None


def index_premise(
    premise: Premise,
    *,
    meter_numbers: Iterable[str] | None = None,
    account_id: int | None = None,
) -> None:
    """
    Index a premise as it is stored, in the caller's transaction.

    Meter numbers and the account belong to higher floors: they stay as they are unless they are
    given. A vacant premise is nobody's, whoever lived there before.
    """
    found = _read("WHERE p.id = ANY(%s)", [premise.pk])
    meters = {} if meter_numbers is None else {premise.pk: list(meter_numbers)}
    accounts = {} if account_id is None else {premise.pk: account_id}
    indexing.put_many(_rows(found, meters, accounts))


def reindex_premises(
    *,
    erp_numbers: Iterable[str] | None = None,
    keys: Sequence[int] | None = None,
    meters_of: dict[int, list[str]] | None = None,
    account_of: dict[int, int] | None = None,
) -> int:
    """
    Index the premises with these ERP numbers, or keys, or all, set by set; return how many.

    `meters_of` and `account_of` map premise keys to what a higher floor knows better.
    """
    if keys is not None:
        chunks: Iterator[list[_Facts]] = iter([_read("WHERE p.id = ANY(%s)", keys)])
    else:
        chunks = _pages() if erp_numbers is None else _chunks(erp_numbers)
    return sum(
        indexing.put_many(_rows(chunk, meters_of or {}, account_of or {})) for chunk in chunks
    )


def index_premises(
    premise_ids: Sequence[int], *, meters_of: dict[int, list[str]], account_of: dict[int, int]
) -> int:
    """Index some premises, in the caller's transaction, set by set; return how many."""
    found = _read("WHERE p.id = ANY(%s)", premise_ids)
    return indexing.put_many(_rows(found, meters_of, account_of))


def _read(condition: str, keys: Sequence[int] | Sequence[str]) -> list[_Facts]:
    return [_Facts(*row) for row in fetch(f"{_FACTS} {condition}", [list(keys)])]


def _pages() -> Iterator[list[_Facts]]:
    last = 0
    while keys := list(
        Premise.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
    ):
        yield _read("WHERE p.id = ANY(%s)", keys)
        last = keys[-1]


def _chunks(erp_numbers: Iterable[str]) -> Iterator[list[_Facts]]:
    remaining = iter(erp_numbers)
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        yield _read("WHERE p.erp_number = ANY(%s) AND p.erp_number <> ''", chunk)


def _rows(
    found: list[_Facts], meters_of: dict[int, list[str]], account_of: dict[int, int]
) -> Iterator[indexing.Row]:
    kept = _kept([facts.pk for facts in found])
    for facts in found:
        above = kept[facts.pk]
        above.meters = meters_of.get(facts.pk, above.meters)
        above.account_id = account_of.get(facts.pk, above.account_id)
        yield _row(facts, above)


def _kept(premise_ids: list[int]) -> dict[int, _FromAbove]:
    kept: dict[int, _FromAbove] = defaultdict(_FromAbove)
    entries = Entry.objects.filter(kind=EntryKind.PREMISE, subject_id__in=premise_ids)
    for subject_id, account_id in entries.values_list("subject_id", "account_id"):
        kept[subject_id].account_id = account_id
    meters = Identifier.objects.filter(
        entry__kind=EntryKind.PREMISE,
        entry__subject_id__in=premise_ids,
        kind=IdentifierKind.METER,
    )
    for subject_id, value in meters.values_list("entry__subject_id", "value"):
        kept[subject_id].meters.append(value)
    return kept


def _row(facts: _Facts, above: _FromAbove) -> indexing.Row:
    lines = (
        ", ".join(part for part in (facts.flat, facts.floor) if part),
        street_line(facts.street, facts.house_number, "", facts.country),
        town_line(facts.postcode, facts.town, facts.country),
    )
    return indexing.Row(
        kind=EntryKind.PREMISE,
        subject_id=facts.pk,
        subject_uuid=facts.uuid,
        account_id=above.account_id if facts.segment else None,
        segment=facts.segment,
        label=", ".join(line for line in lines if line),
        sublabel=" · ".join(facts.pods),
        street=facts.street,
        house_number=facts.house_number,
        flat=facts.flat,
        postcode=facts.postcode,
        town=facts.town,
        identifiers=[
            *((IdentifierKind.POD, pod.partition(" ")[2]) for pod in facts.pods),
            *((IdentifierKind.METER, number) for number in above.meters),
        ],
    )
