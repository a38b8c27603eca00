"""Files of every kind are read, or refused in words."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from migration_import.choices import Encoding, ImportStatus
from migration_import.services import starting
from migration_import.services.mapping import guess_codes, guess_columns
from migration_import.services.reading import Unreadable
from migration_import.services.uploading import UploadRefused, layout_of
from tests.migration_import.conftest import HEADER, csv_bytes, line, work

pytestmark = pytest.mark.django_db


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.covers("C-16")
@pytest.mark.parametrize(
    ("encoding", "guess"),
    [
        ("utf-8", Encoding.UTF_8),
        ("utf-8-sig", Encoding.UTF_8),
        ("cp1252", Encoding.WINDOWS_1252),
        ("utf-16", Encoding.UTF_16),
        ("utf-16-le", Encoding.UTF_16_LE),
        ("utf-16-be", Encoding.UTF_16_BE),
    ],
)
def test_the_encoding_is_found_out(read, encoding, guess):
    found = read(csv_bytes([line(1, Nachname="Müller", Ort="Coruña")], encoding=encoding))

    assert found.encoding == guess
    assert found.columns == HEADER
    assert found.rows.get().raw == line(1, Nachname="Müller", Ort="Coruña")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_out(upload, delimiter):
    text = "\r\n".join(delimiter.join(cells) for cells in (["No", "Name"], ["1", "Ada"]))

    found = upload(text.encode())

    assert (found.delimiter, found.columns) == (delimiter, ["No", "Name"])


def test_a_file_without_a_header_gets_letters(upload):
    found = upload(b"4711;Ada;ada@example.com\r\n4712;Bob;bob@example.com\r\n")

    assert not found.has_header
    assert found.columns == ["Column A", "Column B", "Column C"]


@pytest.mark.covers("C-16")
def test_an_excel_file_is_read_with_its_dates_and_numbers(read):
    found = read(
        workbook(
            [
                ["Kundennummer", "Geburtsdatum", "PLZ", "Preis", "Aktiv"],
                [4711, dt.date(1985, 12, 10), "NW1 6XE", 0.2456, True],
                [4712, None, None, 3.0, False],
            ]
        ),
        name="customers.xlsx",
    )

    assert found.columns == ["Kundennummer", "Geburtsdatum", "PLZ", "Preis", "Aktiv"]
    assert [row.raw for row in found.rows.order_by("number")] == [
        ["4711", "1985-12-10", "NW1 6XE", "0.2456", "TRUE"],
        ["4712", "", "", "3", "FALSE"],
    ]


def test_empty_rows_keep_the_numbers_of_the_others(read):
    found = read(b"No;Name\r\n1;Ada\r\n;\r\n\r\n3;Bob\r\n")

    assert list(found.rows.order_by("number").values_list("number", flat=True)) == [2, 5]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return out.getvalue()


def with_entities() -> bytes:
    source = io.BytesIO(workbook([["a"], ["b"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            content = old.read(one)
            if one.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            new.writestr(one, content)
    return out.getvalue()


@pytest.mark.covers("C-16")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "neither CSV nor Excel"),
        (b"\x89PNG\r\n\x1a\n", "neither CSV nor Excel"),
        (b"<html><table>", "neither CSV nor Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"abc\0def\1", "neither CSV nor Excel"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"a;b\r\nX5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "virus"),
    ],
)
def test_what_is_no_table_is_refused(upload, content, words):
    with pytest.raises(UploadRefused, match=words):
        upload(content)


@pytest.mark.parametrize("make", [bomb, with_entities])
def test_a_workbook_that_is_a_trap_is_refused(upload, make):
    with pytest.raises(UploadRefused):
        upload(make(), name="customers.xlsx")


@pytest.mark.covers("C-16")
def test_the_wrong_encoding_is_told_and_can_be_corrected(upload, clerk):
    found = upload(
        csv_bytes([line(n, Nachname="Müller") for n in range(1, 900)], encoding="cp1252")
    )
    wrong = layout_of(found)
    wrong = type(wrong)(**{**wrong.__dict__, "encoding": "utf-8-sig"})

    with pytest.raises(Unreadable, match=r"is not UTF-8") as refused:
        starting.start_reading(file_import=found, layout=wrong, actor=clerk)
    assert refused.value.field == "encoding"

    starting.start_reading(file_import=found, layout=layout_of(found), actor=clerk)
    work()
    found.refresh_from_db()
    assert (found.status, found.rows_total) == (ImportStatus.READ, 899)


def test_a_letter_that_does_not_fit_far_inside_fails_in_words_and_keeps_the_file(upload, clerk):
    rows = [*(line(n) for n in range(1, 3000)), line(3000, Nachname="Müller")]
    found = upload(csv_bytes(rows, encoding="cp1252"))
    wrong = type(layout_of(found))(**{**layout_of(found).__dict__, "encoding": "utf-8-sig"})

    starting.start_reading(file_import=found, layout=wrong, actor=clerk)
    work()

    found.refresh_from_db()
    assert found.status == ImportStatus.FAILED
    assert "choose another encoding" in found.failure


def test_an_open_quotation_mark_is_told(read):
    rows = csv_bytes([line(n) for n in range(1, 2000)])
    found = read(rows.replace(b"Byron5;", b'"Byron5;', 1))

    assert found.status == ImportStatus.FAILED
    assert "quotation mark is not closed" in found.failure


def test_headers_in_english_and_german_are_understood():
    english = ["Customer No.", "FirstName", "Last name", "E-mail", "Post code", "Supply start"]
    german = ["Kunden-Nr.", "Vorname", "Nachname", "E-Mail-Adresse", "Postleitzahl", "Lieferbeginn"]
    keys = ["account_key", "first_name", "last_name", "email", "postcode", "starts_on"]
    wanted = {key: position for position, key in enumerate(keys)}

    assert guess_columns(english) == wanted
    assert guess_columns(german) == wanted
    assert guess_columns(["Straße", "Zählpunkt", "Gültig ab"]) == {
        "street": 0,
        "pod_id": 1,
        "starts_on": 2,
    }


def test_codes_of_other_systems_are_understood():
    said = guess_codes("payment_method", ["DD", "Lastschrift", "Überweisung", "?"])

    assert said == {"DD": "DIRECT_DEBIT", "Lastschrift": "DIRECT_DEBIT", "Überweisung": "TRANSFER"}
