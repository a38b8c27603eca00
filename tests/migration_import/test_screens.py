"""A clerk gets a file in, screen by screen; others do not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tenants.utils import tenant_context

from access.choices import Role
from accounts.models import Account
from interactions.queries.history import history
from migration_import.choices import ImportStatus
from migration_import.models import FileImport, SavedMapping
from tests.migration_import.conftest import COLUMN, csv_bytes, line, work
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


def at(name: str, found: FileImport | None = None, **more: object) -> str:
    kwargs = {"uuid": found.uuid, **more} if found else None
    return reverse(f"migration_import:{name}", kwargs=kwargs)


def form_values(answer) -> dict[str, str]:
    """Return what the page's form would post as it stands."""
    form = answer.context["form"]
    values = {
        bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", False)
    }
    return {name: "on" if value is True else value for name, value in values.items()}


def uploaded(browser, content: bytes, name: str = "customers.csv") -> FileImport:
    browser.post(
        at("upload"),
        {"file": SimpleUploadedFile(name, content), "source_system": "OldCRM"},
    )
    return FileImport.objects.get()


@pytest.mark.covers("C-16")
def test_a_clerk_gets_a_file_in_screen_by_screen(client_for, clerk, product):
    browser = client_for(clerk)
    rows = [line(1), line(2), line(3, PLZ="nowhere")]
    found = uploaded(browser, csv_bytes(rows, encoding="cp1252"))

    page = browser.get(at("layout", found))
    assert "Byron1" in page.content.decode()
    browser.post(at("layout", found), form_values(page))
    assert "Being read" in browser.get(at("detail", found)).content.decode()
    work()

    answer = browser.post(at("columns", found), form_values(browser.get(at("columns", found))))
    assert answer["Location"] == at("codes", found)
    page = browser.get(at("codes", found))
    assert "Lastschrift" in page.content.decode()
    browser.post(at("codes", found), {**form_values(page), "save_as": "Old CRM"})
    work()

    page = browser.get(at("detail", found)).content.decode()
    assert "Import 2 rows" in page
    assert "Check failed" in page
    report = browser.get(at("report", found)).content.decode()
    assert "is not a postcode of GB" in report
    confirm = browser.get(at("run", found)).content.decode()
    assert "2 rows are imported, 1 with errors are left out" in confirm
    browser.post(at("run", found))
    work()

    page = browser.get(at("detail", found)).content.decode()
    assert "What was made" in page
    row = browser.get(at("row", found, number=2)).content.decode()
    assert "Ada Byron1" in row
    assert Account.objects.count() == 2
    assert SavedMapping.objects.get().columns["iban"] == "IBAN"
    assert "customers.csv" in browser.get(at("list")).content.decode()


@pytest.mark.covers("C-16")
def test_the_customers_timeline_says_which_file_and_row(imported, product):
    imported(csv_bytes([line(1)]))

    entries, _following = history(Account.objects.get())

    assert [(str(one.title), one.text) for one in entries] == [
        ("Contract imported from another system", "customers.csv, row 2"),
        ("Imported from another system", "customers.csv, row 2"),
    ]


def test_a_column_that_every_row_needs_is_asked_for_at_its_field(client_for, clerk, read, product):
    header = ["Vorname", "Nachname", "Vertragsnummer"]
    found = read(csv_bytes([["Ada", "Byron", "V1"]], header=header))
    browser = client_for(clerk)

    page = browser.get(at("columns", found))
    answer = browser.post(at("columns", found), form_values(page))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert {"account_key", "street", "postcode", "town"} <= set(errors)
    assert {"pod_id", "product_code", "starts_on"} <= set(errors)
    assert "contract_key" not in errors


def test_a_file_that_is_neither_is_refused_at_the_field(client_for, clerk):
    answer = client_for(clerk).post(
        at("upload"),
        {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7 ..."), "source_system": "OldCRM"},
    )

    assert answer.status_code == 422
    assert "neither CSV nor Excel" in answer.content.decode()
    assert not FileImport.objects.exists()


def test_another_encoding_shows_another_preview(client_for, clerk, upload):
    found = upload(csv_bytes([line(1, Nachname="Müller")]))
    browser = client_for(clerk)
    asked = {"delimiter": ";", "has_header": "on"}

    right = browser.get(at("preview", found), {**asked, "encoding": "utf-8-sig"})
    wrong = browser.get(at("preview", found), {**asked, "encoding": "cp1252"})

    assert "Müller" in right.content.decode()
    assert "probably UTF-8" in wrong.content.decode()


def test_the_report_is_narrowed_by_column_and_reason(client_for, clerk, checked, product):
    rows = [line(1, PLZ="x"), line(2, IBAN="x"), line(3, PLZ="y")]
    found = checked(csv_bytes(rows))

    answer = client_for(clerk).get(
        at("report", found), {"code": "INVALID", "column": COLUMN["PLZ"], "severity": "ERROR"}
    )

    assert [one.number for one in answer.context["page"]] == [2, 4]


@pytest.mark.parametrize(
    "name",
    ["list", "upload", "detail", "progress", "layout", "preview", "columns", "codes", "report",
     "report_file", "run", "check", "stop", "discard"],
)  # fmt: skip
def test_an_agent_may_not_import(client_for, agent, upload, name):
    found = upload(csv_bytes([line(1)]))
    of_one = None if name in {"list", "upload"} else found

    assert client_for(agent).get(at(name, of_one)).status_code == 403


def test_somebody_who_sees_one_segment_only_sees_no_file(client_for, regional_manager, upload):
    found = upload(csv_bytes([line(1)]))

    assert client_for(regional_manager).get(at("detail", found)).status_code == 404


def test_another_tenant_does_not_know_the_file(client_for, upload, other_tenant):
    found = upload(csv_bytes([line(1)]))
    with tenant_context(other_tenant):
        admin = make_person("other_admin", Role.TENANT_ADMIN)

    answer = client_for(admin, at=other_tenant).get(at("detail", found))

    assert answer.status_code == 404
    assert client_for(admin, at=other_tenant).get(at("list")).context["page"].items == []


def test_a_discarded_file_leaves_nothing_behind(client_for, clerk, read, settings):
    found = read(csv_bytes([line(1)]))
    stored = settings.MEDIA_ROOT / found.stored_name
    assert stored.exists()

    client_for(clerk).post(at("discard", found))

    found.refresh_from_db()
    assert found.status == ImportStatus.DISCARDED
    assert not found.rows.exists()
