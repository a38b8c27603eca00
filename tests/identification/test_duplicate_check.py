import datetime

import pytest

from identification.choices import IdentifierKind, Likeness
from identification.queries import similar_accounts
from tests.factories.identification import ANNA
from tests.identification.conftest import EVERYTHING

BORN = datetime.date(1980, 5, 17)


@pytest.fixture
def _anna(index):
    index(**ANNA, birth_date=BORN)
    index(names=("John", "Smith"), street="Old Church Road", postcode="SW1A 1AA")


def _likeness(**typed):
    found = similar_accounts(**({"segments": EVERYTHING} | typed))
    return [(similar.likeness, similar.hit.label) for similar in found]


@pytest.mark.covers("B-04")
@pytest.mark.usefixtures("_anna")
def test_the_same_tax_number_is_certain():
    assert _likeness(tax_id="GB123456789") == [(Likeness.CERTAIN, ANNA["label"])]


@pytest.mark.usefixtures("_anna")
@pytest.mark.parametrize(
    "typed", [{"phone": "+442079460958"}, {"email": " Anna.Koehler@mail.example"}]
)
def test_the_same_telephone_number_or_address_is_likely(typed):
    assert _likeness(**typed) == [(Likeness.LIKELY, ANNA["label"])]


@pytest.mark.usefixtures("_anna")
@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "Anna", "last_name": "Köhler-Smith", "postcode": "sw1a1aa"},
        {"first_name": "Ana", "last_name": "Koehler", "postcode": "SW1A 1AA"},
        {"first_name": "Anna", "last_name": "Kohlr", "birth_date": BORN},
        {
            "first_name": "Anna",
            "last_name": "Kohler",
            "street": "Old Church Rd",
            "house_number": "12a",
        },
    ],
)
def test_a_near_name_at_the_same_place_or_birthday_is_possible(typed):
    assert _likeness(**typed) == [(Likeness.POSSIBLE, ANNA["label"])]


@pytest.mark.usefixtures("_anna")
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_name": "Anna", "last_name": "Köhler-Smith"},
        {"first_name": "Anna", "last_name": "Köhler-Smith", "postcode": "LS1 4AP"},
        {"first_name": "Peter", "last_name": "Miller", "postcode": "SW1A 1AA"},
        {"postcode": "SW1A 1AA", "street": "Old Church Road"},
        {"phone": "+442079460959", "email": "other@mail.example", "tax_id": "GB1"},
    ],
)
def test_a_neighbour_or_a_namesake_is_nobody_to_be_warned_of(typed):
    assert _likeness(**typed) == []


@pytest.mark.usefixtures("_anna")
def test_one_account_is_told_once_with_its_strongest_likeness_and_every_reason():
    (similar,) = similar_accounts(
        segments=EVERYTHING,
        first_name="Anna",
        last_name="Kohler",
        postcode="SW1A 1AA",
        phone="+447700900123",
        tax_id="GB123456789",
    )

    assert similar.likeness == Likeness.CERTAIN
    assert {reason.field for reason in similar.why} >= {
        IdentifierKind.TAX_ID,
        IdentifierKind.PHONE,
        "NAME",
        "POSTCODE",
    }


@pytest.mark.covers("B-04")
@pytest.mark.usefixtures("_anna")
def test_somebody_of_a_hidden_segment_is_told_of_but_not_shown():
    (similar,) = similar_accounts(segments=frozenset({"CORPORATE"}), tax_id="GB123456789")

    assert similar.likeness == Likeness.CERTAIN
    assert similar.is_hidden
    assert similar.hit is None
    assert similar.why == ()


def test_an_organisation_is_compared_without_its_legal_form(index):
    index(organisation="Acme Bakery Ltd", segment="CORPORATE", postcode="YO1 7HH")

    assert _likeness(organisation="ACME Bakrey Limited", postcode="YO1 7HH") == [
        (Likeness.POSSIBLE, "Acme Bakery Ltd")
    ]
