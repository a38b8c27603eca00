"""The demo book: everything in it would pass the checks of the outside world."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
import time_machine
from mpan import MPAN
from stdnum import ean, iban
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.es import cups, nif
from stdnum.gb import vat as gb_vat

from sandbox.erp.book.countries import COUNTRIES
from sandbox.erp.book.generate import generate
from sandbox.erp.book.identifiers import external_id_is_valid, iban_is_valid
from sandbox.erp.book.store import Store
from sandbox.erp.clients import CLIENTS, TIME_ZONES
from utilcrm.demo.tenants import PROFILES

TODAY = dt.date(2026, 11, 23)
TAX_RULES = {"GB": gb_vat, "DE": de_vat, "ES": nif, "DK": cvr}
CODES = sorted(CLIENTS)


def new_book(folder: Path, code: str, customers: int) -> Store:
    store = Store(folder / f"{code}.sqlite")
    generate(store, CLIENTS[code], customers=customers, today=TODAY)
    return store


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    folder = tmp_path_factory.mktemp("books")
    return {code: new_book(folder, code, 600) for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_every_telephone_is_valid_in_its_country(books: dict[str, Store], code: str) -> None:
    country = CLIENTS[code].country
    for row in books[code].all("SELECT communication, contacts FROM business_partner"):
        numbers = [c["Value"] for c in row["communication"] if c["TypeCode"] != "EMAIL"]
        numbers += [contact["Phone"] for contact in row["contacts"]]
        for number in numbers:
            parsed = phonenumbers.parse(number)
            assert phonenumbers.is_valid_number(parsed), number
            assert phonenumbers.region_code_for_number(parsed) in {country, "GG", "JE", "IM"}


@pytest.mark.parametrize("code", CODES)
def test_every_iban_and_tax_number_has_right_check_digits(
    books: dict[str, Store], code: str
) -> None:
    accounts = books[code].all("SELECT iban FROM contract_account WHERE iban IS NOT NULL")
    assert len({row["iban"] for row in accounts}) == len(accounts) > 300
    for row in accounts:
        assert iban.is_valid(row["iban"])
        assert iban_is_valid(row["iban"])
    rule = TAX_RULES[CLIENTS[code].country]
    companies = books[code].all("SELECT tax_id FROM business_partner WHERE segment = 'CORPORATE'")
    assert len(companies) > 10
    for row in companies:
        assert rule.is_valid(row["tax_id"])


@pytest.mark.parametrize("code", CODES)
def test_every_point_of_delivery_has_a_right_and_single_identifier(
    books: dict[str, Store], code: str
) -> None:
    points = books[code].all("SELECT external_id, scheme FROM point_of_delivery")
    assert len({row["external_id"] for row in points}) == len(points)
    checks = {
        "MPAN": lambda value: MPAN(value).is_valid,
        "MPRN": lambda value: value.isdecimal() and 6 <= len(value) <= 10,
        "MALO": lambda value: len(value) == 11 and value[0] != "0",
        "CUPS": cups.is_valid,
        "GSRN": lambda value: value[-1] == ean.calc_check_digit(value[:-1]),
    }
    for row in points:
        assert checks[row["scheme"]](row["external_id"])
        assert external_id_is_valid(row["scheme"], row["external_id"])


@pytest.mark.parametrize("code", CODES)
def test_postcodes_belong_to_their_towns(books: dict[str, Store], code: str) -> None:
    towns = {town.name: town.postcodes for town in COUNTRIES[CLIENTS[code].country].towns}
    assert len(towns) >= 40
    for row in books[code].all("SELECT postcode, city FROM connection_object"):
        assert row["postcode"].split(" ")[0] in towns[row["city"]]


@pytest.mark.parametrize("code", CODES)
def test_every_row_has_its_parent_but_the_dirty_ones(books: dict[str, Store], code: str) -> None:
    orphans = {
        child: len(
            books[code].all(
                f"SELECT id FROM {child} WHERE {column} NOT IN (SELECT id FROM {parent})"
            )
        )
        for child, column, parent in (
            ("contract_account", "bp_id", "business_partner"),
            ("premise", "co_id", "connection_object"),
            ("point_of_delivery", "co_id", "connection_object"),
            ("device", "pod_id", "point_of_delivery"),
            ("contract", "ca_id", "contract_account"),
        )
    }
    expected = {"premise": 1, "point_of_delivery": 3} if code == "unified" else {}
    assert {child: number for child, number in orphans.items() if number} == expected


@pytest.mark.parametrize("code", CODES)
def test_no_meter_number_or_address_comes_twice(books: dict[str, Store], code: str) -> None:
    for sql in (
        "SELECT serial AS value FROM device",
        "SELECT street || house || postcode AS value FROM connection_object",
    ):
        values = [row["value"] for row in books[code].all(sql)]
        assert len(values) == len(set(values))
    assert all(len(row["serial"]) <= 18 for row in books[code].all("SELECT serial FROM device"))


def test_the_mix_of_customers_is_that_of_a_retailer(books: dict[str, Store]) -> None:
    store = books["unified"]
    segments = Counter(row["segment"] for row in store.all("SELECT segment FROM business_partner"))
    overdue = store.all("SELECT dunning_level FROM contract_account WHERE dunning_level > 0")
    vacant = store.all("SELECT id FROM premise WHERE segment IS NULL")
    supplies = store.all("SELECT id FROM contract WHERE status = 'ACTIVE'")

    assert 0.03 < segments["CORPORATE"] / 600 < 0.1
    assert 0.08 < len(overdue) / 600 < 0.17
    assert {row["dunning_level"] for row in overdue} == {1, 2, 3}
    assert 8 < len(vacant) < 45
    assert 1.35 < len(supplies) / 600 < 1.75


def test_a_dual_client_has_two_contracts_at_each_supplied_point(books: dict[str, Store]) -> None:
    rows = books["nordlicht"].all("SELECT pod_id, role FROM contract")
    roles: dict[str, set[str]] = {}
    for row in rows:
        roles.setdefault(row["pod_id"], set()).add(row["role"])

    assert set(map(frozenset, roles.values())) == {frozenset({"SUPPLY", "GRID_USAGE"})}


def test_the_same_day_makes_the_same_book(tmp_path: Path) -> None:
    def content(folder: str) -> list[Any]:
        (tmp_path / folder).mkdir()
        store = new_book(tmp_path / folder, "ribera", 60)
        return [store.all(f"SELECT * FROM {table}") for table in ("business_partner", "contract")]

    assert content("one") == content("two")


def test_the_memorable_dozen_keeps_its_numbers(books: dict[str, Store]) -> None:
    for code in CODES:
        names = books[code].all("SELECT id FROM business_partner ORDER BY id LIMIT 12")
        assert [row["id"] for row in names] == [str(1_000_000_001 + n) for n in range(12)]
    twins = books["unified"].all(
        "SELECT last_name, street, birth_date FROM business_partner WHERE id IN (?, ?)",
        "1000000005",
        "1000000006",
    )
    assert twins[0] == twins[1]


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_a_clients_day_begins_and_ends_with_that_of_its_retailer(client):
    """An hour before midnight in London a meter is replaced in Aarhus, tomorrow by its date."""
    assert TIME_ZONES[client.country] == PROFILES[client.code]["time_zone"]
    with time_machine.travel("2026-11-23T23:30:00Z", tick=False):
        assert client.today() == dt.date(2026, 11, 23 if client.country == "GB" else 24)
