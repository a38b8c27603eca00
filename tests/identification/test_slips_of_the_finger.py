import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identification.choices import IdentifierKind
from identification.services.indexing import put_many
from tests.factories.identification import ANNA, row

NAME = "kowalczyk"


@pytest.mark.covers("B-02")
@pytest.mark.parametrize(
    "text",
    [
        "kowalczy",
        "kowalczykk",
        "kowalzcyk",
        "kovalczyk",
        "okwalczyk",
        "jan kowalczy",
        "kowalczk jan",
        "jna kowalczyk",
        "jna kowalczy",
        "jan kowalczyk lodnon",
        "kowalzcyk london",
        "jan kowalczyk londn",
        "10 downig street",
        "10 dowining st london",
        "downing stret 10",
        "kowalczyk sw1a 2ab",
    ],
)
def test_a_name_or_address_with_a_slip_is_found(found, index, text):
    index(
        names=("Jan", "Kowalczyk"),
        label="wanted",
        street="Downing Street",
        house_number="10",
        town="London",
        postcode="SW1A 2AA",
    )

    assert found(text) == ["wanted"]


@pytest.mark.parametrize(
    ("kind", "stored", "typed"),
    [
        (IdentifierKind.ACCOUNT_NUMBER, "1000471123", "1000471132"),
        (IdentifierKind.ACCOUNT_NUMBER, "1000471123", "100047112"),
        (IdentifierKind.POD, "1200023305967", "1200023305968"),
        (IdentifierKind.POD, "ES0021000012345678AB", "ES0021000012345687AB"),
        (IdentifierKind.METER, "S95A1234567", "S95B1234567"),
        (IdentifierKind.PHONE, "+447700900123", "07700 901023"),
        (IdentifierKind.EMAIL, "jan.kowalczyk@mail.example", "jan.kowalzcyk@mail.example"),
        (IdentifierKind.EMAIL, "jan.kowalczyk@mail.example", "jan.kowalczyk@mial.example"),
    ],
)
def test_an_identifier_with_a_slip_is_found_but_not_as_certain(ask, index, kind, stored, typed):
    index(label="wanted", identifiers=[(kind, stored)])

    answer = ask(typed)

    assert [hit.label for hit in answer] == ["wanted"]
    assert not answer[0].is_exact
    assert answer.only is None


def test_what_is_written_exactly_so_comes_before_what_is_near(found, index):
    index(names=("Jan", "Braun"))
    index(names=("Jan", "Brauer"))
    index(names=("Jan", "Brun"))

    assert found("jan brun")[0] == "Jan Brun"
    assert set(found("jan brun")) == {"Jan Brun", "Jan Braun"}


def test_one_digit_off_is_another_house(found, index):
    index(label="thirteen", street="Downing Street", house_number="13", town="London")
    index(label="twelve", street="Downing Street", house_number="12", town="London")

    assert found("12 downing street")[0] == "twelve"
    assert "thirteen" not in found("12 downing street")


def test_a_word_that_nobody_has_is_left_out_rather_than_all_the_rest(ask, index):
    index(**ANNA)

    answer = ask("anna köhler qqqqq")

    assert answer[0].label == ANNA["label"]
    assert not answer[0].is_exact
    assert answer[0].score < 0.5


@st.composite
def _slips(draw: st.DrawFn) -> str:
    at = draw(st.integers(0, len(NAME) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    swapped = NAME[:at] + NAME[at + 1 : at + 2] + NAME[at] + NAME[at + 2 :]
    return draw(
        st.sampled_from(
            [
                NAME[:at] + NAME[at + 1 :],
                NAME[:at] + letter + NAME[at:],
                NAME[:at] + letter + NAME[at + 1 :],
                swapped,
            ]
        )
    )


@pytest.fixture
def _one_customer(db):
    put_many([row(names=("Jan", "Kowalczyk"), label="wanted")])


@pytest.mark.usefixtures("_one_customer")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=_slips())
def test_any_one_slip_in_a_name_is_forgiven(found, text):
    assert found(text) == ["wanted"]
