"""Files of another system, and how they get in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.services.draining import drain
from migration_import.choices import BY_KEY, ImportStatus
from migration_import.models import FileImport
from migration_import.queries.values import distinct_values
from migration_import.services import starting
from migration_import.services.mapping import guess_codes, guess_columns
from migration_import.services.uploading import layout_of, take_file
from tests.factories.products import BareProductFactory

HEADER = [
    "Kundennummer", "Vorname", "Nachname", "Geburtsdatum", "E-Mail", "Telefon", "Strasse",
    "Hausnummer", "PLZ", "Ort", "Zahlungsart", "IBAN", "Vertragsnummer", "MPAN", "Tarif",
    "Lieferbeginn", "Lieferende", "Verbrauch", "ERP Vertrag", "Zaehlernummer", "Anfangsstand",
]  # fmt: skip
COLUMN = {name: position for position, name in enumerate(HEADER)}


def mpan(number: int) -> str:
    """Return a right MPAN core, of the distributor 10."""
    digits = f"10{number:010d}"
    primes = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
    total = sum(int(digit) * prime for digit, prime in zip(digits, primes, strict=True))
    return f"{digits}{total % 11 % 10}"


def serial(number: int) -> str:
    """Return a meter number."""
    return f"21E6{number:07d}"


def line(number: int, **changes: str) -> list[str]:
    """Return a good row, different for each number, with some cells changed."""
    cells = {
        "Kundennummer": f"K{number}",
        "Vorname": "Ada",
        "Nachname": f"Byron{number}",
        "Geburtsdatum": "10.12.1985",
        "E-Mail": f"ada{number}@example.com",
        "Telefon": f"+4474001{number:05d}",
        "Strasse": "Baker Street",
        "Hausnummer": str(number),
        "PLZ": "NW1 6XE",
        "Ort": "London",
        "Zahlungsart": "Lastschrift",
        "IBAN": "GB82 WEST 1234 5698 7654 32",
        "Vertragsnummer": f"V{number}",
        "MPAN": mpan(number),
        "Tarif": "HOME",
        "Lieferbeginn": "01.01.2025",
        "Lieferende": "",
        "Verbrauch": "3100",
        "ERP Vertrag": f"{7_000_000_000 + number}",
        "Zaehlernummer": serial(number),
        "Anfangsstand": "1200",
    }
    return list((cells | changes).values())


def csv_bytes(
    rows: Iterable[list[str]], *, header: list[str] | None = None, encoding: str = "utf-8"
) -> bytes:
    """Return a file as another system writes it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER if header is None else header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def work() -> None:
    """Play the worker until nothing is due."""
    while drain("migration", budget=60):
        pass


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def product(tenant: Any) -> Any:
    """The product that the file calls HOME."""
    return BareProductFactory(code="HOME", name="Home Power")


@pytest.fixture
def upload(clerk: Any) -> Callable[..., FileImport]:
    """Take a file in: `upload(csv_bytes([line(1)]))`."""

    def take(content: bytes, name: str = "customers.csv", source: str = "OldCRM") -> FileImport:
        return take_file(file=SimpleUploadedFile(name, content), source_system=source, actor=clerk)

    return take


@pytest.fixture
def read(upload: Callable[..., FileImport], clerk: Any) -> Callable[..., FileImport]:
    """Take a file in and read it."""

    def take(content: bytes, **options: Any) -> FileImport:
        found = upload(content, **options)
        starting.start_reading(file_import=found, layout=layout_of(found), actor=clerk)
        work()
        found.refresh_from_db()
        return found

    return take


@pytest.fixture
def checked(read: Callable[..., FileImport], clerk: Any) -> Callable[..., FileImport]:
    """Take a file in, read it, map it as guessed and check it."""

    def take(content: bytes, *, lookalikes: bool = False, **options: Any) -> FileImport:
        found = read(content, **options)
        assert found.status == ImportStatus.READ, found.failure
        mapping = guess_columns(found.columns)
        codes = {
            key: guess_codes(key, distinct_values(found, column))
            for key, column in mapping.items()
            if BY_KEY[key].is_coded
        }
        starting.set_mapping(
            file_import=found,
            mapping=mapping,
            codes=codes,
            allows_lookalikes=lookalikes,
            actor=clerk,
        )
        starting.start_check(file_import=found, actor=clerk)
        work()
        found.refresh_from_db()
        return found

    return take


@pytest.fixture
def imported(checked: Callable[..., FileImport], clerk: Any) -> Callable[..., FileImport]:
    """Take a file all the way in."""

    def take(content: bytes, **options: Any) -> FileImport:
        found = checked(content, **options)
        assert found.status == ImportStatus.CHECKED, found.failure
        starting.start_run(file_import=found, actor=clerk)
        work()
        found.refresh_from_db()
        return found

    return take


def problems(found: FileImport) -> list[tuple[int, str, str]]:
    """Return row, column and code of every error, in the order of the file."""
    return [
        (one.number, HEADER[one.column] if one.column >= 0 else "", one.code)
        for one in found.problems.filter(severity="ERROR").order_by("number", "column", "id")
    ]
