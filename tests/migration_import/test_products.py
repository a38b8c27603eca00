"""The other system's products become ours: asked once a name, proposed, kept, checked."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.models import ContractItem
from migration_import.choices import ImportStatus
from migration_import.models import SavedMapping
from migration_import.services import product_names, starting
from products.models import Product
from tests.factories.products import BareProductFactory
from tests.migration_import.conftest import HEADER, csv_bytes, line, problems, work
from tests.migration_import.test_screens import at, form_values

pytestmark = pytest.mark.django_db

DIVIDED = [*HEADER, "Sparte"]


@pytest.fixture
def mapped(client_for, clerk, read):
    """Take a file to the page that asks for products: the browser, the file, and the page."""

    def take(rows, header=HEADER):
        browser = client_for(clerk)
        found = read(csv_bytes(rows, header=header))
        columns = at("columns", found)
        answer = browser.post(columns, form_values(browser.get(columns)))
        return browser, found, browser.get(answer["Location"])

    return take


def asked(page) -> dict[str, tuple[str, str]]:
    """Return what is proposed for each name, and the words beside it."""
    return {
        bound.label: (bound.value(), str(bound.help_text))
        for bound in page.context["form"].product_fields()
    }


def choose(page, **products: str) -> dict[str, str]:
    """Return what is posted when a product is chosen for some of the names."""
    values = form_values(page)
    for bound in page.context["form"].product_fields():
        if (value := bound.label.strip("“”")) in products:
            values[bound.html_name] = products[value]
    return values


@pytest.mark.covers("C-16")
def test_products_of_the_other_system_come_in_as_ours(mapped, product, clerk):
    BareProductFactory(code="GREEN", name="Green Power")
    rows = [line(1, Tarif="T-100"), line(2, Tarif="T-200"), line(3, Tarif="T-100")]
    browser, found, page = mapped([*rows, line(4, Tarif="T-300")])
    assert asked(page)["“T-100”"] == ("", "2 rows")

    browser.post(at("codes", found), choose(page, **{"T-100": "HOME", "T-200": "GREEN"}))
    work()
    assert problems(found) == [(5, "Tarif", "PRODUCT_UNKNOWN")]
    assert "“T-300”" in found.problems.get().reason
    starting.start_run(file_import=found, actor=clerk)
    work()

    items = ContractItem.objects.order_by("pk").values_list("product__code", "product_name")
    assert list(items) == [
        ("HOME", "Home Power"),
        ("GREEN", "Green Power"),
        ("HOME", "Home Power"),
    ]


def test_equal_and_nearly_equal_names_are_proposed_and_others_are_not(mapped, product):
    BareProductFactory(code="FIX-12", name="Fixed 12 months")
    BareProductFactory(code="FIX-24", name="Fixed 24 months")
    names = ["home", "HOME POWER", "Power Home", "Fixd 24 months", "Fixed 36 months", "Gas"]
    _browser, _found, page = mapped([line(n, Tarif=name) for n, name in enumerate(names, 1)])

    proposed = asked(page)

    assert [proposed[f"“{name}”"][0] for name in names] == [
        *("HOME", "HOME", "HOME", "FIX-24", "", "")
    ]
    assert "please check it" in proposed["“Fixd 24 months”"][1]
    assert "please check it" not in proposed["“HOME POWER”"][1]


def test_a_name_that_fits_two_products_is_left_to_the_person(mapped, product):
    BareProductFactory(code="HOME-2", name="Home Power")

    assert asked(mapped([line(1, Tarif="Home power")])[2])["“Home power”"][0] == ""


def test_one_name_in_both_divisions_is_asked_for_in_each(mapped, product, clerk):
    gas = BareProductFactory(code="HEAT", name="Heat", division="GAS")
    rows = [
        [*line(1, Tarif="Komfort"), "Strom"],
        [*line(2, Tarif="Komfort", MPAN="2"), "Gas"],
        [*line(3, Tarif="Solo"), "Strom"],
    ]
    browser, found, page = mapped(rows, header=DIVIDED)
    fields = page.context["form"].product_fields()
    offers = {
        str(bound.help_text): [code for code, _label in bound.field.choices][1:] for bound in fields
    }
    assert offers == {"1 row · Electricity": ["HOME"], "1 row · Gas": [gas.code]}

    values = form_values(page)
    values |= {bound.html_name: bound.field.choices[1][0] for bound in fields}
    browser.post(at("codes", found), values)
    work()

    codes = found.rows.order_by("number").values_list("values__contract__product_code", flat=True)
    assert list(codes) == ["HOME", "HEAT", "HOME"]


def test_what_names_mean_is_kept_for_the_next_file(mapped, product, read, clerk, client_for):
    browser, found, page = mapped([line(1, Tarif="T-100")])
    browser.post(at("codes", found), {**choose(page, **{"T-100": "HOME"}), "save_as": "Old CRM"})
    assert SavedMapping.objects.get().codes["product_code"] == {"T-100": "HOME"}

    _browser, _other, page = mapped([line(2, Tarif="T-100"), line(3, Tarif="T-200")])

    assert {name: value for name, (value, _help) in asked(page).items()} == {
        "“T-100”": "HOME",
        "“T-200”": "",
    }


@pytest.mark.parametrize(
    ("start", "is_right"),
    [("31.12.2023", False), ("01.01.2024", True), ("31.12.2025", True), ("01.01.2026", False)],
)
def test_a_product_has_to_be_on_sale_when_the_contract_starts(mapped, product, start, is_right):
    Product.objects.update(valid_from=dt.date(2024, 1, 1), valid_to=dt.date(2026, 1, 1))
    browser, found, page = mapped([line(1, Tarif="T-100", Lieferbeginn=start)])

    browser.post(at("codes", found), choose(page, **{"T-100": "HOME"}))
    work()

    assert problems(found) == ([] if is_right else [(2, "Tarif", "PRODUCT_NOT_ON_SALE")])
    if not is_right:
        assert "“Home Power” " in found.problems.get().reason


def test_a_product_that_is_gone_keeps_its_rows_out_and_the_others_come_in(mapped, product, clerk):
    gone = BareProductFactory(code="GONE", name="Gone")
    browser, found, page = mapped([line(1, Tarif="T-1"), line(2, Tarif="T-2")])
    browser.post(at("codes", found), choose(page, **{"T-1": "HOME", "T-2": "GONE"}))
    work()
    assert problems(found) == []
    gone.delete()

    found.refresh_from_db()
    starting.start_run(file_import=found, actor=clerk)
    work()

    found.refresh_from_db()
    assert (found.status, found.rows_imported, found.rows_kept_out) == (ImportStatus.DONE, 1, 1)
    assert problems(found) == [(3, "Tarif", "NOW_PRODUCT_GONE")]


def test_many_names_are_asked_for_a_page_at_a_time(mapped, product, monkeypatch):
    monkeypatch.setattr(product_names, "MOST_AT_ONCE", 2)
    names = ["T-1", "T-1", "T-1", "T-2", "T-2", "T-3"]
    browser, found, page = mapped([line(n, Tarif=name) for n, name in enumerate(names, 1)])
    assert list(asked(page)) == ["“T-1”", "“T-2”"]
    assert "3 different names" in page.content.decode()

    answer = browser.post(at("codes", found), {**choose(page, **{"T-1": "HOME"}), "more": "1"})
    assert answer["Location"] == at("codes", found)
    page = browser.get(at("codes", found))
    # what nobody has seen, then what has no product yet
    assert list(asked(page)) == ["“T-3”", "“T-2”"]
    assert not page.context["asked"].has_more
    browser.post(at("codes", found), choose(page, **{"T-3": "HOME"}))
    work()

    assert {number for number, _column, _code in problems(found)} == {5, 6}


def test_a_name_may_be_longer_than_a_code_of_ours(mapped, product):
    name = "The cheapest green electricity of all for people with a heat pump"
    browser, found, page = mapped([line(1, Tarif=name)])

    browser.post(at("codes", found), choose(page, **{name: "HOME"}))
    work()

    assert problems(found) == []
