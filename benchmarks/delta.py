"""
How fast changes of the ERP come in, and how much memory that takes.

    python3 run.py bench delta --changes 10000

Fills a fresh tenant from a sandbox ERP, lets clerks change objects there (ends of contracts, names
and addresses of partners, payment data, readings), and follows the change log to its end: over
SOAP, page by page, each with its history and the search index. Beside it the same number of ends of
contracts is copied and updated by bare SQL, in the same run, to tell the machine from the code.

The exit code is 1 if fewer than 1,000 objects a second were taken over, if anything was rejected,
or if memory grew with the number of changes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from django.db import connection, transaction

from benchmarks.sync.book import PAGE, Book, loaded_tenant, peak_mib, say
from billing_sync.models import ChangeFeed
from billing_sync.services.following import polling
from contracts.models import ContractItem
from events.models import Event
from utilcrm.db.staging import Staging

LIMIT = 1000
GROWTH_MIB = 40
_WARM_UP = 2000

_CHANGES = (
    ("contract", "end_date = '2031-01-01'", "end_date IS NULL", 0.4),
    ("business_partner", "street = 'New Street', house = '1'", "street <> 'New Street'", 0.3),
    ("contract_account", "language = 'fr'", "language <> 'fr'", 0.15),
    ("device", 'registers = replace(registers, \'"Value":"\', \'"Value":"1\')', "1", 0.15),
)


def _change(book: Book, number: int) -> int:
    """Let a clerk change objects of several kinds; return how many."""
    changed = 0
    with book.store.acting_as("M. Weber"), book.store.transaction():
        for table, assignment, condition, share in _CHANGES:
            changed += book.store.execute(
                f"UPDATE {table} SET {assignment} WHERE id IN"  # noqa: S608 - constants above
                f" (SELECT id FROM {table} WHERE {condition} ORDER BY random() LIMIT ?)",
                int(number * share),
            )
    return changed


def _follow_all() -> float:
    started = time.perf_counter()
    while True:
        cycle = polling.follow(page_size=PAGE)
        if cycle.trouble:
            raise RuntimeError(cycle.trouble)
        if ChangeFeed.objects.get().behind == 0:
            break
    return time.perf_counter() - started


def _bare(number: int) -> float:
    """Copy as many ends of contracts and update them by bare SQL; return the seconds."""
    keys = list(
        ContractItem.objects.exclude(erp_number="").values_list("erp_number", flat=True)[:number]
    )
    started = time.perf_counter()
    with transaction.atomic():
        staging = Staging("bare", {"key": "text", "ends_on": "date"})
        staging.fill((key, "2032-01-01") for key in keys)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE contracts_contractitem t SET ends_on = s.ends_on, updated_at = now()"
                " FROM pg_temp.bare s WHERE t.erp_number = s.key"
            )
    return (time.perf_counter() - started) * number / max(len(keys), 1)


def _measure(book: Book, number: int) -> bool:
    _change(book, min(_WARM_UP, number))
    _follow_all()
    before = peak_mib()
    feed = ChangeFeed.objects.get()
    events = Event.objects.count()
    changed = _change(book, number)
    own = time.process_time()
    seconds = _follow_all()
    own = time.process_time() - own
    after = ChangeFeed.objects.get()
    applied, rejected = after.applied - feed.applied, after.rejected - feed.rejected
    loading = after.load_seconds - feed.load_seconds
    bare = _bare(changed)
    grown = peak_mib() - before
    say(f"{changed} objects changed by a clerk, {applied} taken over in {seconds:.1f} s")
    say(f"with the ERP's answers: {applied / seconds:.0f}/s, limit {LIMIT}/s")
    say(f"seconds of CPU here, without database and ERP: {own:.1f}, {applied / own:.0f}/s")
    say(f"taking over alone (history, index): {applied / loading:.0f}/s")
    say(f"history lines written: {Event.objects.count() - events}; rejected: {rejected}")
    say(f"bare COPY and UPDATE of as many rows: {bare:.2f} s, ratio {seconds / bare:.1f}")
    say(f"peak memory {peak_mib():.0f} MiB, grown by {grown:.0f} MiB (limit {GROWTH_MIB})")
    return applied / seconds >= LIMIT and rejected == 0 and grown <= GROWTH_MIB


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench delta",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--customers", type=int, help="default: one for each change")
    chosen = parser.parse_args(arguments)
    with loaded_tenant(chosen.customers or chosen.changes) as book:
        return 0 if _measure(book, chosen.changes) else 1
