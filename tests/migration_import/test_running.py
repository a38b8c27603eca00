"""Customers and contracts of another system come in, and nobody outside hears of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Count

from accounts.models import Account, BusinessAgreement
from contracts.choices import ContractSource, ContractStatus, ItemStatus
from contracts.models import Contract, ContractItem
from contracts.services.loading import ContractRow, load_contracts
from correspondence.models import Document, Message
from devices.models import DeviceInfoRecord, MeterReading
from events.models import Delivery, Event
from events.services.draining import drain
from identification.queries import identify
from migration_import.choices import ImportStatus, RowStatus
from migration_import.models import ImportedObject
from migration_import.queries.objects import objects_of_row, source_of
from migration_import.services import starting
from premises.models import ConnectionObject, PointOfDelivery, Premise
from tests.factories.accounts import AccountFactory
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.migration_import.conftest import HEADER, csv_bytes, line, mpan, serial, work

pytestmark = pytest.mark.django_db

BOTH = frozenset({"RESIDENTIAL", "CORPORATE"})


@pytest.mark.covers("C-16")
def test_customers_and_contracts_come_in_and_no_message_goes_out(imported, product):
    found = imported(csv_bytes(line(number) for number in range(1, 21)))

    assert (found.status, found.rows_imported) == (ImportStatus.DONE, 20)
    assert Account.objects.filter(source="IMPORT").count() == 20
    assert Contract.objects.filter(source=ContractSource.IMPORT).count() == 20
    assert set(Delivery.objects.values_list("destination", flat=True)) == {"migration"}
    assert not Message.objects.exists()
    assert not Document.objects.exists()


def test_a_row_becomes_what_it_says(imported, product):
    imported(csv_bytes([line(1)]))

    account = Account.objects.get()
    assert (account.name, account.birth_date) == ("Ada Byron1", dt.date(1985, 12, 10))
    assert (account.postcode, account.country, account.segment) == ("NW1 6XE", "GB", "RESIDENTIAL")
    points = account.contact_points.order_by("kind").values_list("kind", "value")
    assert list(points) == [("EMAIL", "ada1@example.com"), ("MOBILE", "+447400100001")]
    agreement = BusinessAgreement.objects.get()
    assert (agreement.payment_method, agreement.iban) == ("DIRECT_DEBIT", "GB82WEST12345698765432")
    assert agreement.is_default
    contract = Contract.objects.get()
    assert (contract.account, contract.business_agreement) == (account, agreement)
    assert contract.status == ContractStatus.ACTIVE
    item = ContractItem.objects.get()
    assert (item.status, item.erp_number) == (ItemStatus.COMPLETED, "7000000001")
    assert (item.starts_on, item.expected_annual_kwh) == (dt.date(2025, 1, 1), 3100)
    assert item.pod.external_id == mpan(1)
    assert item.pod.premise.segment == "RESIDENTIAL"
    meter = DeviceInfoRecord.objects.get()
    assert (meter.serial_number, meter.pod) == (serial(1), item.pod)
    assert MeterReading.objects.get().value == 1200


def test_prices_of_the_file_are_the_agreed_ones(imported, product):
    header = [*HEADER, "Arbeitspreis", "Grundpreis"]

    imported(csv_bytes([[*line(1), "0.2456", "0.50"]], header=header))

    prices = ContractItem.objects.get().prices.values_list("component", "agreed_amount")
    assert dict(prices) == {"ENERGY": Decimal("0.2456"), "STANDING_CHARGE": Decimal("0.5")}


def test_a_contract_without_the_erps_number_waits_as_imported(imported, product):
    imported(csv_bytes([line(1, **{"ERP Vertrag": ""})]))

    assert ContractItem.objects.get().status == ItemStatus.IMPORTED
    assert Contract.objects.get().status == ContractStatus.ACTIVE


def test_the_download_brings_the_number_of_an_imported_contract(imported, product):
    imported(csv_bytes([line(1, **{"ERP Vertrag": ""})]))
    BusinessAgreement.objects.update(erp_number="000000000001")
    PointOfDelivery.objects.update(erp_number="P1")

    loaded = load_contracts(
        [
            ContractRow(
                "0000000001", None, None, "", "SUPPLY", "000000000001", "P1", "ELECTRICITY",
                "HOME", dt.date(2025, 1, 1), None, 12, 3000, "COMPLETED",
            )
        ]
    )  # fmt: skip

    item = ContractItem.objects.get()
    assert not loaded.rejects
    assert (item.erp_number, item.status) == ("0000000001", ItemStatus.COMPLETED)


def test_a_contract_that_is_over_is_ended(imported, product):
    imported(csv_bytes([line(1, Lieferende="01.06.2025")]))

    assert ContractItem.objects.get().status == ItemStatus.ENDED
    assert Contract.objects.get().status == ContractStatus.ENDED
    assert Premise.objects.get().is_vacant


@pytest.mark.covers("C-16")
def test_every_record_is_linked_to_its_row(imported, product):
    found = imported(csv_bytes([line(1), line(2)]))

    made = [one.model for one in objects_of_row(found, 3)]
    assert made == [
        "accounts.account",
        "accounts.businessagreement",
        "premises.connectionobject",
        "premises.premise",
        "premises.pointofdelivery",
        "devices.deviceinforecord",
        "contracts.contract",
        "contracts.contractitem",
    ]
    source = source_of(Account.objects.get(last_name="Byron2"))
    assert (source.file_import, source.number) == (found, 3)


def _traces() -> tuple[int, int]:
    """Return how many links there are, and how many lines on timelines."""
    told = Event.objects.filter(account_uuid__isnull=False)
    return ImportedObject.objects.count(), told.count()


@pytest.mark.covers("C-16")
def test_a_second_run_and_a_second_upload_make_nothing(imported, checked, product, clerk):
    content = csv_bytes([line(1), line(2)])
    found = imported(content)
    before = (
        ImportedObject.objects.count(),
        Event.objects.filter(account_uuid__isnull=False).count(),
    )

    starting.start_run(file_import=found, actor=clerk)
    work()
    again = imported(content, name="again.csv", source="OLDCRM")

    assert again.created == {}
    assert Account.objects.count() == Contract.objects.count() == 2
    after = (
        ImportedObject.objects.count(),
        Event.objects.filter(account_uuid__isnull=False).count(),
    )
    assert after == before
    codes = again.problems.values("code").annotate(rows=Count("number"))
    assert list(codes.values_list("code", "rows")) == [("ALREADY_HERE", 2)]


@pytest.mark.covers("C-16")
def test_what_came_in_is_found_at_once(imported, product):
    imported(csv_bytes([line(1)]))

    account = Account.objects.get()
    for text in ("Ada Byron1", "ada1@example.com", "07400100001", account.number):
        hits = identify(text, segments=BOTH, region="GB")
        assert account.pk in [hit.subject_id for hit in hits]
    contract = Contract.objects.get()
    assert [hit.account_id for hit in identify(contract.number, segments=BOTH, region="GB")]
    premise = Premise.objects.get()
    for text in (serial(1), mpan(1)):
        found = identify(text, segments=BOTH, region="GB")
        assert premise.pk in [hit.subject_id for hit in found if hit.kind == "PREMISE"]


def test_bad_rows_stay_out_and_good_ones_come_in(imported, product):
    found = imported(csv_bytes([line(1), line(2, PLZ="x"), line(3)]))

    assert found.rows_imported == 2
    assert sorted(Account.objects.values_list("last_name", flat=True)) == ["Byron1", "Byron3"]


@pytest.mark.covers("C-16")
def test_what_was_sold_since_the_dry_run_keeps_its_row_out(checked, product, clerk):
    found = checked(csv_bytes([line(1), line(2), line(3)]))
    ContractItemFactory(pod=PointOfDeliveryFactory(external_id=mpan(2)))

    starting.start_run(file_import=found, actor=clerk)
    work()

    found.refresh_from_db()
    assert (found.rows_imported, found.rows_kept_out) == (2, 1)
    assert found.problems.get().code == "NOW_OVERLAP"
    assert found.rows.get(number=3).status == RowStatus.KEPT_OUT


def test_what_a_constraint_keeps_out_is_found_among_a_thousand(
    checked, product, clerk, monkeypatch
):
    found = checked(csv_bytes(line(n) for n in range(1, 41)))
    # Nobody looks; only the database stands in the way.
    monkeypatch.setattr("migration_import.services.running.against_the_book", lambda *_: [])
    AccountFactory(number="1")
    ContractItemFactory(pod=PointOfDeliveryFactory(external_id=mpan(17)))

    starting.start_run(file_import=found, actor=clerk)
    work()

    found.refresh_from_db()
    assert (found.rows_imported, found.rows_kept_out) == (39, 1)
    assert found.problems.get().number == 18


def test_two_flats_of_a_house_share_the_building(imported, product):
    header = [*HEADER, "Wohnung"]
    rows = [[*line(n, Hausnummer="7"), f"Flat {n}"] for n in (1, 2)]

    imported(csv_bytes(rows, header=header))

    assert (ConnectionObject.objects.count(), Premise.objects.count()) == (1, 2)


def test_a_stopped_import_goes_on_where_it_was(checked, product, clerk, monkeypatch, settings):
    settings.IMPORT_CHUNK = 5
    monkeypatch.setattr("migration_import.services.stepping.BUDGET", 0)
    found = checked(csv_bytes(line(n) for n in range(1, 21)))
    starting.start_run(file_import=found, actor=clerk)
    drain("migration", budget=0.01)
    starting.stop(file_import=found, actor=clerk)
    work()
    found.refresh_from_db()
    assert (found.status, found.rows_imported) == (ImportStatus.STOPPED, 5)

    starting.start_run(file_import=found, actor=clerk)
    work()

    found.refresh_from_db()
    assert (found.status, found.rows_imported) == (ImportStatus.DONE, 20)
