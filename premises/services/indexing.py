"""Keep the search index in step with premises."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from identification.choices import EntryKind, IdentifierKind
from identification.models import Entry, Identifier
from identification.services import indexing
from premises.models import Premise

_CHUNK = 2000


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
    Index a premise in the caller's transaction.

    Meter numbers and the account belong to higher floors: they stay as they are unless they are
    given. A vacant premise is nobody's, whoever lived there before.
    """
    above = _kept([premise.pk])[premise.pk]
    if meter_numbers is not None:
        above.meters = list(meter_numbers)
    if account_id is not None:
        above.account_id = account_id
    indexing.put_many([_row(premise, above)])


def reindex_premises(
    *,
    erp_numbers: Iterable[str] | None = None,
    meters_of: dict[int, list[str]] | None = None,
    account_of: dict[int, int] | None = None,
) -> int:
    """
    Index the premises with these ERP numbers, or all, set by set; return how many.

    `meters_of` and `account_of` map premise keys to what a higher floor knows better.
    """
    premises = Premise.objects.select_related("connection_object").prefetch_related(
        "points_of_delivery"
    )
    chunks = _pages(premises) if erp_numbers is None else _chunks(premises, erp_numbers)
    return sum(
        indexing.put_many(_rows(chunk, meters_of or {}, account_of or {})) for chunk in chunks
    )


def _pages(premises: QuerySet[Premise]) -> Iterator[list[Premise]]:
    last = 0
    while page := list(premises.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield page
        last = page[-1].pk


def _chunks(premises: QuerySet[Premise], erp_numbers: Iterable[str]) -> Iterator[list[Premise]]:
    remaining = iter(erp_numbers)
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        yield list(premises.filter(erp_number__in=chunk))


def _rows(
    premises: list[Premise], meters_of: dict[int, list[str]], account_of: dict[int, int]
) -> Iterator[indexing.Row]:
    kept = _kept([premise.pk for premise in premises])
    for premise in premises:
        above = kept[premise.pk]
        above.meters = meters_of.get(premise.pk, above.meters)
        above.account_id = account_of.get(premise.pk, above.account_id)
        yield _row(premise, above)


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


def _row(premise: Premise, above: _FromAbove) -> indexing.Row:
    building = premise.connection_object
    pods = list(premise.points_of_delivery.all())
    return indexing.Row(
        kind=EntryKind.PREMISE,
        subject_id=premise.pk,
        subject_uuid=premise.uuid,
        account_id=None if premise.is_vacant else above.account_id,
        segment=premise.segment,
        label=premise.address_line,
        sublabel=" · ".join(f"{pod.scheme} {pod.external_id}" for pod in pods),
        street=building.street,
        house_number=building.house_number,
        flat=premise.flat,
        postcode=building.postcode,
        town=building.town,
        identifiers=[
            *((IdentifierKind.POD, pod.external_id) for pod in pods),
            *((IdentifierKind.METER, number) for number in above.meters),
        ],
    )
