"""Numbers of the meters at premises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from devices.models import DeviceInfoRecord, DeviceInstallation


def serial_numbers_at(*, premise_of: Mapping[int, int]) -> dict[int, list[str]]:
    """
    Return, by premise, the numbers of all meters that stand or stood there, sorted.

    `premise_of` names the premise of each point of delivery that is asked about, both by key.
    """
    records = DeviceInfoRecord.objects.filter(pod__in=premise_of).values_list(
        "pod_id", "serial_number"
    )
    devices = DeviceInstallation.objects.filter(pod__in=premise_of).values_list(
        "pod_id", "device__serial_number"
    )
    found: dict[int, set[str]] = defaultdict(set)
    for pod_id, serial_number in (*records, *devices):
        found[premise_of[pod_id]].add(serial_number)
    return {premise_id: sorted(numbers) for premise_id, numbers in found.items()}
