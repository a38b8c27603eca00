"""
How fast both books are compared, and whether every difference is found and no other.

    python3 run.py bench reconcile --contracts 10000

Fills a fresh tenant from a sandbox ERP, plants 100 differences here (missing here, missing there,
other dates, other product, other device) and compares. Beside it a bare COPY of as many digests
with a bare full join runs in the same run, to tell the machine from the code.

The exit code is 1 if a planted difference was not found, another one was, or 100,000 contracts
would take more than 60 seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from django.db import connection, transaction

from benchmarks.sync.book import CONTRACTS_A_CUSTOMER, loaded_tenant, peak_mib, say
from billing_sync.choices import DifferenceKind, DifferenceStatus
from billing_sync.models import Difference
from billing_sync.services.comparing import running
from contracts.models import ContractItem
from devices.models import DeviceInfoRecord
from utilcrm.db.staging import Staging

LIMIT = 60.0
OF = 100_000
EACH = 20


def _plant() -> set[tuple[str, str]]:
    """Make a hundred differences here; return what must be found."""
    items = list(
        ContractItem.objects.filter(status="COMPLETED", ends_on=None)
        .order_by("?")
        .values_list("pk", "erp_number", "pod_id")[: 4 * EACH]
    )
    gone, strange, dates, product = (items[i : i + EACH] for i in range(0, 4 * EACH, EACH))
    expected: set[tuple[str, str]] = set()
    ContractItem.objects.filter(pk__in=[pk for pk, _number, _pod in gone]).delete()
    expected |= {(DifferenceKind.MISSING_HERE, number) for _pk, number, _pod in gone}
    for position, (pk, number, _pod) in enumerate(strange):
        unknown = f"69{position:08d}"
        ContractItem.objects.filter(pk=pk).update(erp_number=unknown)
        expected |= {
            (DifferenceKind.MISSING_THERE, unknown),
            (DifferenceKind.MISSING_HERE, number),
        }
    ContractItem.objects.filter(pk__in=[pk for pk, _number, _pod in dates]).update(
        ends_on="2031-01-01"
    )
    expected |= {(DifferenceKind.DATES, number) for _pk, number, _pod in dates}
    ContractItem.objects.filter(pk__in=[pk for pk, _number, _pod in product]).update(
        product=None, product_name="Another"
    )
    expected |= {(DifferenceKind.PRODUCT, number) for _pk, number, _pod in product}
    meters = list(DeviceInfoRecord.objects.order_by("?").values_list("pk", "erp_number")[:EACH])
    for position, (pk, number) in enumerate(meters):
        DeviceInfoRecord.objects.filter(pk=pk).update(serial_number=f"X{position}")
        expected.add((DifferenceKind.DEVICE, number))
    return expected


def _bare(rows: int) -> float:
    """Copy as many digests as were compared, and join them with others; return the seconds."""
    started = time.perf_counter()
    with transaction.atomic():
        for name in ("bare_a", "bare_b"):
            staging = Staging(name, {"key": "text", "parts": "text"})
            staging.fill((f"{number:010d}", "0" * 16) for number in range(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_temp.bare_a a FULL JOIN pg_temp.bare_b b USING (key)"
                " WHERE a.parts IS DISTINCT FROM b.parts"
            )
    return time.perf_counter() - started


def _measure() -> bool:
    contracts = ContractItem.objects.count()
    expected = _plant()
    before = peak_mib()
    started = time.perf_counter()
    comparison = running.compare(running.begin())
    seconds = time.perf_counter() - started
    found = set(
        Difference.objects.filter(status=DifferenceStatus.OPEN).values_list("kind", "erp_key")
    )
    missed, false = expected - found, found - expected
    bare = _bare(comparison.theirs)
    scaled = seconds * OF / contracts
    say(f"{contracts} contracts, {comparison.theirs} objects in the ERP: {comparison.status}")
    say(f"planted {len(expected)}: found {len(expected & found)}, false {len(false)}")
    for kind, key in sorted(missed)[:5]:
        say(f"  missed {kind} {key}")
    for kind, key in sorted(false)[:5]:
        say(f"  false {kind} {key}")
    say(f"{seconds:.1f} s, {comparison.theirs / seconds:.0f} objects/s")
    say(f"{OF} contracts at that rate: {scaled:.0f} s, limit {LIMIT:.0f} s")
    say(f"bare COPY and join of as many digests: {bare:.2f} s, ratio {seconds / bare:.1f}")
    say(f"peak memory {peak_mib():.0f} MiB, grown by {peak_mib() - before:.0f} MiB")
    return not missed and not false and scaled <= LIMIT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench reconcile",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--contracts", type=int, default=10_000)
    chosen = parser.parse_args(arguments)
    with loaded_tenant(int(chosen.contracts / CONTRACTS_A_CUSTOMER)):
        return 0 if _measure() else 1
