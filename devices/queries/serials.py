"""Numbers of the meters at premises."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from devices.models import DeviceInfoRecord, DeviceInstallation
from premises.models import Premise


def serial_numbers_at(*, premises: QuerySet[Premise]) -> dict[int, list[str]]:
    """Return, by premise, the numbers of all meters that stand or stood there, sorted."""
    records = DeviceInfoRecord.objects.filter(pod__premise__in=premises).values_list(
        "pod__premise_id", "serial_number"
    )
    devices = DeviceInstallation.objects.filter(pod__premise__in=premises).values_list(
        "pod__premise_id", "device__serial_number"
    )
    found: dict[int, set[str]] = defaultdict(set)
    for premise_id, serial_number in (*records, *devices):
        found[premise_id].add(serial_number)
    return {premise_id: sorted(numbers) for premise_id, numbers in found.items()}
