"""The dry run says for each row and column what is wrong, and imports nothing."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from accounts.models import Account
from contracts.models import Contract
from events.models import Delivery
from migration_import.choices import ImportStatus, Severity
from migration_import.services import starting
from products.models import Product
from tests.factories.accounts import AccountFactory, ContactPointFactory
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.migration_import.conftest import HEADER, csv_bytes, line, mpan, problems, work

pytestmark = pytest.mark.django_db

WRONG = [
    ("Kundennummer", "", "MISSING"),
    ("Nachname", "", "MISSING"),
    ("Geburtsdatum", "31.02.1985", "UNREADABLE"),
    ("Geburtsdatum", "01.01.2999", "IMPOSSIBLE"),
    ("E-Mail", "ada(at)example.com", "INVALID"),
    ("Telefon", "12", "INVALID"),
    ("Strasse", "", "MISSING"),
    ("Strasse", "S" * 81, "TOO_LONG"),
    ("PLZ", "12345", "INVALID"),
    ("Ort", "", "MISSING"),
    ("Zahlungsart", "Naturalien", "CODE_UNKNOWN"),
    ("IBAN", "GB82 WEST 1234 5698 7654 33", "INVALID"),
    ("IBAN", "", "MISSING"),
    ("Vertragsnummer", "", "MISSING"),
    ("MPAN", "1012345678901", "INVALID"),
    ("MPAN", "", "MISSING"),
    ("Tarif", "NOWHERE", "PRODUCT_UNKNOWN"),
    ("Lieferbeginn", "soon", "UNREADABLE"),
    ("Lieferbeginn", "", "MISSING"),
    ("Lieferende", "01.01.2025", "PERIOD"),
    ("Verbrauch", "much", "UNREADABLE"),
    ("Anfangsstand", "12345678", "IMPOSSIBLE"),
    ("Zaehlernummer", "M" * 19, "TOO_LONG"),
]


@pytest.mark.covers("C-16")
@pytest.mark.parametrize(("column", "value", "code"), WRONG)
def test_a_wrong_cell_is_named_by_row_and_column(checked, product, column, value, code):
    found = checked(csv_bytes([line(1), line(2, **{column: value}), line(3)]))

    assert problems(found) == [(3, column, code)]
    assert (found.rows_good, found.rows_bad) == (2, 1)


@pytest.mark.covers("C-16")
def test_the_report_is_exact_by_row_and_column(checked, product):
    rows = [
        line(1),
        line(2, PLZ="nowhere", IBAN="nonsense"),
        line(3, Vertragsnummer="V1"),
        line(4, MPAN=mpan(1), Lieferbeginn="01.06.2025"),
        line(5, Kundennummer="K1"),
        line(6, **{"ERP Vertrag": "7000000001"}),
        line(7),
    ]

    found = checked(csv_bytes(rows))

    assert problems(found) == [
        (3, "PLZ", "INVALID"),
        (3, "IBAN", "INVALID"),
        (4, "Vertragsnummer", "DUPLICATE_KEY"),
        (5, "MPAN", "OTHER_PLACE"),
        (5, "Lieferbeginn", "OVERLAP"),
        (6, "Kundennummer", "OTHER_CUSTOMER"),
        (7, "ERP Vertrag", "DUPLICATE_ERP_NUMBER"),
    ]
    assert found.status == ImportStatus.CHECKED
    assert (found.rows_total, found.rows_good, found.rows_bad) == (7, 2, 5)
    assert not Account.objects.exists()
    assert not Contract.objects.exists()


def test_a_customer_may_have_several_rows(checked, product):
    same = {"Kundennummer": "K1", "Nachname": "Byron1", "E-Mail": "ada1@example.com"}

    found = checked(csv_bytes([line(1), line(2, **same, Telefon="+447400100001")]))

    assert problems(found) == []


def test_contracts_one_after_the_other_at_a_place_do_not_overlap(checked, product):
    place = {"MPAN": mpan(1), "Hausnummer": "1"}
    rows = [
        line(2, **place, Lieferbeginn="2025-06-01"),
        line(1, **place, Lieferbeginn="2025-01-01", Lieferende="2025-06-01"),
    ]

    assert problems(checked(csv_bytes(rows))) == []


def test_what_is_here_already_is_told(checked, product):
    taken = PointOfDeliveryFactory(external_id=mpan(1))
    contract = ContractItemFactory(pod=taken).contract
    AccountFactory(number="9000000077", tax_id="1955839661")
    reach = ContactPointFactory(value="+447400100003", account__last_name="Byron3")
    reach.account.first_name = "Ada"
    reach.account.save()
    header = [*HEADER, "Steuernummer"]
    rows = [[*line(1), ""], [*line(2), "1955839661"], [*line(3), ""]]

    found = checked(csv_bytes(rows, header=header))

    told = {(one.number, one.code): one.reason for one in found.problems.all()}
    assert f"Contract {contract.number} has the point of delivery" in told[2, "OVERLAP"]
    assert "Account 9000000077 has this tax number" in told[3, "DUPLICATE_CUSTOMER"]
    assert reach.account.number in told[4, "LOOKALIKE"]
    assert found.rows_bad == 3


def test_lookalikes_only_warn_where_somebody_has_said_so(checked, product):
    reach = ContactPointFactory(value="+447400100001", account__last_name="Byron1")
    reach.account.first_name = "Ada"
    reach.account.save()

    found = checked(csv_bytes([line(1)]), lookalikes=True)

    assert found.problems.get().severity == Severity.WARNING
    assert (found.rows_good, found.rows_warned) == (1, 1)


def test_two_customers_with_one_name_and_number_are_told(checked, product):
    same = {"Nachname": "Byron1", "E-Mail": "ada1@example.com"}

    found = checked(csv_bytes([line(1), line(2, **same)]))

    assert problems(found) == [(3, "Kundennummer", "LOOKALIKE")]


@pytest.mark.covers("C-16")
def test_a_product_made_since_is_found_by_the_next_dry_run(checked, product, clerk):
    found = checked(csv_bytes([line(1, Tarif="LATER")]))
    assert problems(found) == [(2, "Tarif", "PRODUCT_UNKNOWN")]
    Product.objects.filter(code="HOME").update(code="LATER")

    starting.start_check(file_import=found, actor=clerk)
    work()

    assert problems(found) == []


def test_a_mapping_that_changes_makes_the_dry_run_void(checked, product, clerk):
    found = checked(csv_bytes([line(1)]))

    starting.set_mapping(
        file_import=found, mapping=found.mapping, codes={}, allows_lookalikes=False, actor=clerk
    )

    with pytest.raises(starting.NotNow):
        starting.start_run(file_import=found, actor=clerk)


@pytest.mark.covers("C-16")
def test_ten_thousand_bad_rows_come_in_pages_and_as_a_file(checked, product, client_for, clerk):
    header = HEADER[:12]
    rows = (line(n, PLZ="nowhere")[:12] for n in range(1, 10_001))

    found = checked(csv_bytes(rows, header=header))

    assert (found.rows_good, found.rows_bad) == (0, 10_000)
    browser = client_for(clerk)
    page = browser.get(reverse("migration_import:report", args=[found.uuid]))
    assert len(page.context["page"]) == 50
    assert page.context["page"].next
    answer = browser.get(reverse("migration_import:report_file", args=[found.uuid]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    report = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert report[0] == [*header, "Error"]
    assert len(report) == 10_001
    assert report[1][:-1] == line(1, PLZ="nowhere")[:12]
    assert report[1][-1].startswith("PLZ: ")
    assert not Delivery.objects.exclude(destination="migration").exists()


def test_a_cell_too_many_is_told_of_the_row(checked, product):
    found = checked(csv_bytes([[*line(1), "x"]]))

    assert problems(found) == [(2, "", "TOO_MANY_CELLS")]


def test_customers_without_contracts_come_alone(checked, imported):
    header = HEADER[:12]
    found = checked(csv_bytes([line(1)[:12], line(1)[:12]], header=header))

    assert [(one.number, one.code) for one in found.problems.all()] == [(3, "DUPLICATE_KEY")]
