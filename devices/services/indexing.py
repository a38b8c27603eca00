"""Let premises be found by their meters."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable

from devices.models import DeviceInfoRecord
from premises.models import Premise
from premises.services.indexing import index_premise, reindex_premises

_CHUNK = 2000


def index_meters(premise: Premise) -> None:
    """Index a premise with all meters that stand or stood there, in the caller's transaction."""
    numbers = DeviceInfoRecord.objects.filter(pod__premise=premise).values_list(
        "serial_number", flat=True
    )
    index_premise(premise, meter_numbers=list(numbers.distinct().order_by("serial_number")))


def reindex_premises_with_meters(*, erp_numbers: Iterable[str]) -> int:
    """Index the premises with these ERP numbers and their meters, set by set; return how many."""
    remaining = iter(erp_numbers)
    total = 0
    while chunk := list(itertools.islice(remaining, _CHUNK)):
        meters: dict[int, list[str]] = defaultdict(list)
        rows = (
            DeviceInfoRecord.objects.filter(pod__premise__erp_number__in=chunk)
            .values_list("pod__premise_id", "serial_number")
            .distinct()
        )
        for premise_id, serial_number in rows:
            meters[premise_id].append(serial_number)
        total += reindex_premises(erp_numbers=chunk, meters_of=meters)
    return total
