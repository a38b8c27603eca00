"""Let premises be found by their meters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from devices.queries.serials import serial_numbers_at
from premises.models import PointOfDelivery, Premise
from premises.services.indexing import index_premise, reindex_premises

_CHUNK = 2000


def index_meters(premise: Premise) -> None:
    """Index a premise with all meters that stand or stood there, in the caller's transaction."""
    numbers = serial_numbers_at(premise_of=_places(premise=premise))
    index_premise(premise, meter_numbers=numbers.get(premise.pk, []))


def reindex_premises_with_meters(*, erp_numbers: Iterable[str]) -> int:
    """Index the premises with these ERP numbers and their meters, set by set; return how many."""
    remaining = iter(erp_numbers)
    total = 0
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        meters = serial_numbers_at(premise_of=_places(premise__erp_number__in=chunk))
        total += reindex_premises(erp_numbers=chunk, meters_of=meters)
    return total


def _places(**which: Any) -> dict[int, int]:
    """Return the premise of each point of delivery, both by key."""
    return dict(PointOfDelivery.objects.filter(**which).values_list("pk", "premise_id"))
