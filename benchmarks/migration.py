"""
How fast customers and contracts of another system come in, and how much memory it takes.

    python3 run.py bench migration --rows 100000

Writes a CSV file (with `--excel` an Excel file) of that many customers, each with a contract, a
point of delivery and a meter; one row in a hundred is wrong. Reads, checks and imports it into a
fresh tenant as the worker does. Prints rows a second of each stage and the peak of memory; a second
run over the same file must make nothing.

The exit code is 1 if the whole was slower than 200 rows a second, if memory passed 400 MiB, or if
the second run made anything.
"""

from __future__ import annotations

import argparse
import csv
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.test.utils import override_settings
from django_tenants.utils import tenant_context
from openpyxl import Workbook

from access.services.roles import sync_roles
from benchmarks.download import _fresh_tenant, _say
from migration_import.choices import BY_KEY, ImportStatus
from migration_import.models import FileImport, ImportedObject
from migration_import.queries.values import distinct_values
from migration_import.services import starting
from migration_import.services.checking import check_stretch
from migration_import.services.mapping import guess_codes, guess_columns
from migration_import.services.running import run_stretch
from migration_import.services.staging import read_stretch
from migration_import.services.stretches import Work
from migration_import.services.uploading import layout_of, take_file
from products.models import Product

LIMIT = 200
MOST_MIB = 400
_PRIMES = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
HEADER = [
    "Customer number", "First name", "Last name", "Date of birth", "E-mail", "Mobile", "Street",
    "House number", "Postcode", "Town", "Payment method", "IBAN", "Contract number", "MPAN",
    "Tariff", "Start of supply", "Annual consumption", "ERP contract", "Meter number", "Reading",
]  # fmt: skip


def _mpan(number: int) -> str:
    digits = f"10{number:010d}"
    total = sum(int(digit) * prime for digit, prime in zip(digits, _PRIMES, strict=True))
    return f"{digits}{total % 11 % 10}"


def _rows(count: int) -> Iterator[list[object]]:
    for n in range(1, count + 1):
        postcode = "nowhere" if n % 100 == 0 else f"NW{n % 9 + 1} {n % 10}XE"
        yield [
            f"K{n}", "Ada", f"Byron{n % 5000}", "10.12.1985", f"ada{n}@example.com",
            f"+4474{n:08d}", f"Street {n % 3000}", n % 200 + 1, postcode, "London", "DD",
            "GB82 WEST 1234 5698 7654 32", f"V{n}", _mpan(n), "HOME", "01.01.2025", 3100,
            7_000_000_000 + n, f"21E{n:08d}", 1200,
        ]  # fmt: skip


def _write(path: Path, count: int, *, excel: bool) -> None:
    if excel:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(HEADER)
        for row in _rows(count):
            sheet.append(row)
        book.save(path)
        return
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(_rows(count))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(label: str, rows: int, stage: Callable[[Work], None], found: FileImport) -> float:
    found.refresh_from_db()
    started, cpu = time.perf_counter(), time.process_time()
    stage(Work(found.pk, found.status, found.stretch, math.inf))
    spent = time.perf_counter() - started
    cpu = time.process_time() - cpu
    _say(
        f"{label:10} {spent:8.1f} s {rows / spent:8.0f} rows/s   {cpu:7.1f} s of CPU"
        f"   peak {_peak():6.0f} MiB"
    )
    found.refresh_from_db()
    return spent


def _take(path: Path) -> FileImport:
    with path.open("rb") as file:
        uploaded = UploadedFile(file, path.name, size=path.stat().st_size)
        return take_file(file=uploaded, source_system="Bench", actor=None)


def _measure(rows: int, *, excel: bool) -> bool:
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        path = Path(folder) / ("bench.xlsx" if excel else "bench.csv")
        _write(path, rows, excel=excel)
        _say(f"{path.stat().st_size / 2**20:.0f} MiB, {rows} rows; peak before {_peak():.0f} MiB")
        found = _take(path)
        starting.start_reading(file_import=found, layout=layout_of(found), actor=None)
        spent = _timed("reading", rows, read_stretch, found)
        mapping = guess_columns(found.columns)
        codes = {
            key: guess_codes(key, distinct_values(found, column))
            for key, column in mapping.items()
            if BY_KEY[key].is_coded
        }
        starting.set_mapping(
            file_import=found, mapping=mapping, codes=codes, allows_lookalikes=False, actor=None
        )
        starting.start_check(file_import=found, actor=None)
        spent += _timed("dry run", rows, check_stretch, found)
        _say(f"           {found.rows_good} good, {found.rows_bad} bad")
        starting.start_run(file_import=found, actor=None)
        spent += _timed("import", rows, run_stretch, found)
        made = ImportedObject.objects.count()
        _say(f"           {found.rows_imported} rows, {made} records")
        starting.start_run(file_import=found, actor=None)
        _timed("again", rows, run_stretch, found)
    again = ImportedObject.objects.count() - made
    _say(f"whole: {rows / spent:.0f} rows/s, limit {LIMIT}; a second run made {again}")
    is_done = found.status == ImportStatus.DONE and found.rows_bad == rows // 100
    return is_done and again == 0 and rows / spent >= LIMIT and _peak() <= MOST_MIB


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench migration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--excel", action="store_true")
    chosen = parser.parse_args(arguments)
    with tenant_context(_fresh_tenant()):
        sync_roles()
        Product.objects.get_or_create(
            code="HOME",
            defaults={
                "name": "Home",
                "division": "ELECTRICITY",
                "segment": "RESIDENTIAL",
                "valid_from": "2020-01-01",
            },
        )
        return 0 if _measure(chosen.rows, excel=chosen.excel) else 1


if __name__ == "__main__":
    sys.exit(main())
