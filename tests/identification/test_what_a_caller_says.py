import datetime

import pytest

from identification.choices import EntryKind, IdentifierKind, WordField
from identification.queries import Reason, by_phone
from tests.factories.identification import ANNA, ANNAS_PREMISE
from tests.identification.conftest import EVERYTHING

ANNAS = ANNA["label"]
PREMISE = ANNAS_PREMISE["label"]


@pytest.fixture
def _customers(index):
    index(**ANNA, birth_date=datetime.date(1980, 5, 17))
    index(**ANNAS_PREMISE)
    index(
        names=("John", "Smith"),
        street="Church Street",
        house_number="12",
        town="Leeds",
        postcode="LS1 4AP",
        identifiers=[(IdentifierKind.PHONE, "+447700900999")],
    )
    index(
        organisation="E.ON Bakery & Sons Ltd",
        segment="CORPORATE",
        street="Park Lane",
        house_number="1",
        town="York",
        postcode="YO1 7HH",
    )


@pytest.mark.covers("B-02")
@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    [
        "0000104711",
        "104711",
        "0020004711",
        "20004711",
        "300000104711",
        "3000 0010 4711",
        "000900104711",
        "C-2026-000815",
        "c2026000815",
        "+44 7700 900123",
        "07700 900123",
        "0044 7700 900123",
        "(07700) 900-123",
        "07700.900.123",
        "020 7946 0958",
        "anna.koehler@mail.example",
        "ANNA.KOEHLER@MAIL.EXAMPLE",
        "<anna.koehler@mail.example>",
        "GB123456789",
        "gb 123 4567 89",
    ],
)
def test_every_identifier_finds_exactly_its_account(ask, text):
    answer = ask(text)

    assert [hit.label for hit in answer] == [ANNAS]
    assert answer.only is not None


@pytest.mark.covers("B-02")
@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    ["000S95A1234567", "S95A1234567", "s95a 1234567", "1200023305967", "12 00023 305 967"],
)
def test_meter_and_point_of_delivery_find_the_premise(found, text):
    assert found(text) == [PREMISE]


@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "234567",
        "4567",
        "00801111 1200023305967",
        "MAT-4711 S95A1234567",
        "4711000S95A1234567",
    ],
)
def test_the_end_of_a_number_and_what_stands_before_it_do_not_hide_the_premise(found, text):
    assert PREMISE in found(text)


@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize("text", ["900123", "0900123", "700900123", "anna.koehler@", "c202600"])
def test_part_of_an_identifier_finds_the_account(found, text):
    assert ANNAS in found(text)


@pytest.mark.covers("B-02")
@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    [
        "Köhler-Smith",
        "koehler smith",
        "Kohler",
        "KÖHLER",
        "anna köhler",
        "Köhler-Smith, Anna Maria",
        "maria koehler",
        "a köhler",
        "köh",
        "köhler milton keynes",
        "anna church road",
        "köhler 17.05.1980",
        "anna 1980-05-17",
        "smith 17/05/1980",
        "köhler 0123",
        "köhler sw1a 1aa",
        "köhler SW1A1AA",
        "köhler sw1a",
    ],
)
def test_names_in_any_order_and_spelling_find_the_account_first(found, text):
    assert found(text)[0] == ANNAS


@pytest.mark.covers("B-02")
@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    [
        "12a Old Church Road",
        "12 a old church rd",
        "Old Church Road 12a, Milton Keynes",
        "flat 3, 12a church road",
        "old church",
        "SW1A 1AA",
        "sw1a1aa",
        "12a SW1A 1AA",
        "milton keynes church road",
    ],
)
def test_addresses_find_the_account_and_the_premise(found, text):
    assert set(found(text)[:2]) == {ANNAS, PREMISE}


@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    [
        "eon bakery",
        "e.on",
        "Bakery Sons",
        "sons bakery limited",
        "bakery york",
        "1 park lane",
        "EON Bakery & Sons Ltd.",
        "bak",
    ],
)
def test_any_word_of_a_company_finds_it_whatever_its_legal_form(found, text):
    assert found(text)[0] == "E.ON Bakery & Sons Ltd"


@pytest.mark.covers("B-09")
@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    "text",
    ["SW1A 1AA S95A1234567", "s95a1234567 sw1a1aa", "sw1a 1aa 1234567", "SW1A 1AA 000S95A1234567"],
)
def test_postcode_and_meter_number_find_the_premise_without_an_account(ask, index, text):
    index(
        kind=EntryKind.PREMISE,
        label="Same meter elsewhere",
        postcode="LS1 4AP",
        identifiers=[(IdentifierKind.METER, "S95A1234567")],
    )

    answer = ask(text, kinds=[EntryKind.PREMISE])

    assert answer[0].label == PREMISE
    assert answer[0].identifier.field == IdentifierKind.METER
    assert Reason(WordField.POSTCODE, "sw1a1aa", is_exact=True) in answer[0].why


@pytest.mark.covers("B-09")
@pytest.mark.usefixtures("_customers")
def test_postcode_with_the_material_number_instead_of_the_meter_finds_the_premise(found):
    assert PREMISE in found("SW1A 1AA 88800123", kinds=[EntryKind.PREMISE])


@pytest.mark.usefixtures("_customers")
def test_the_street_that_was_said_comes_before_its_namesake(found):
    assert found("12 church street")[0] == "John Smith"


@pytest.mark.usefixtures("_customers")
def test_a_surname_that_is_also_a_kind_of_street_is_found(found, index):
    index(names=("Jessica", "Lane"))

    assert found("jessica lane")[0] == "Jessica Lane"
    assert "Jessica Lane" in found("jesica lane")


@pytest.mark.usefixtures("_customers")
def test_a_person_comes_before_a_street_of_that_name(found, index):
    index(names=("Peter", "Church"))

    assert found("church")[0] == "Peter Church"


@pytest.mark.usefixtures("_customers")
def test_the_answer_says_what_was_matched(ask):
    (by_number,) = ask("104711")
    by_words = ask("anna köhelr")[0]

    assert by_number.why == (Reason(IdentifierKind.ACCOUNT_NUMBER, "104711", is_exact=True),)
    assert Reason(WordField.NAME, "anna", is_exact=True) in by_words.why
    assert Reason(WordField.NAME, "kohler", is_exact=False) in by_words.why
    assert by_number.score > by_words.score


@pytest.mark.covers("B-01")
@pytest.mark.usefixtures("_customers")
def test_a_calling_number_finds_its_account_by_the_second_number_too():
    assert [hit.label for hit in by_phone("+442079460958", segments=EVERYTHING)] == [ANNAS]
    assert not by_phone("+442079460959", segments=EVERYTHING)


def test_german_and_spanish_streets_are_found_however_they_are_abbreviated(found, index):
    index(label="Haupt", street="Hauptstraße", house_number="5", town="Köln", postcode="50667")
    index(label="Mayor", street="Calle Mayor", house_number="7", town="Sevilla", postcode="41001")

    for text in ("Hauptstr. 5", "haupt str 5", "hauptstrasse koeln", "50667 hauptstraße"):
        assert found(text, region="DE") == ["Haupt"], text
    for text in ("C/ Mayor 7", "calle mayor", "mayor 7 sevilla", "41001"):
        assert found(text, region="ES") == ["Mayor"], text


def test_a_telephone_number_is_read_as_the_tenants_country_writes_it(found, index):
    index(label="Berlin", identifiers=[(IdentifierKind.PHONE, "+4930901820")])

    assert found("030 901820", region="DE") == ["Berlin"]
    assert found("+49 30 90 18 20", region="GB") == ["Berlin"]


@pytest.mark.covers("B-03")
def test_too_many_hits_ask_for_something_narrower(ask, index):
    for number in range(25):
        index(names=(f"First{number:02}", "Common"))

    answer = ask("common", limit=20)

    assert len(answer) == 20
    assert answer.more
    assert answer.only is None
    assert [hit.label for hit in answer][:2] == ["First00 Common", "First01 Common"]
    assert not ask("first03 common").more


@pytest.mark.covers("B-03")
@pytest.mark.usefixtures("_customers")
def test_a_unique_hit_says_that_it_is_the_only_one(ask, index):
    assert ask("104711").only.label == ANNAS

    index(names=("Other",), identifiers=[(IdentifierKind.CONTRACT_NUMBER, "104711")])

    assert ask("104711").only is None
