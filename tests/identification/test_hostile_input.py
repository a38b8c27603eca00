import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identification.choices import IdentifierKind
from identification.services.indexing import put_many
from tests.factories.identification import ANNA, row


@pytest.fixture
def _somebody(db):
    put_many([row(**ANNA)])


@pytest.mark.usefixtures("_somebody")
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "%%%",
        "_",
        "____",
        "'",
        "';--",
        "\\",
        "{}",
        '{"',
        "\x00",
        "\x1f\x1f",
        "...---...",
        "😀",
        "😀😀 😀",
        "\u202e\u200b",
        "+",
        "+++++++",
        "@",
        "@@",
        "%@%",
        "0",
        "000000000000",
        "a" * 100_000,
        "a " * 100_000,
        "1 " * 5_000,
        "1" * 10_000,
        "١٢٣٤٥٦",
        "漢字",
    ],
)
def test_what_is_no_question_finds_nobody_and_breaks_nothing(found, text):
    assert found(text) == []


@pytest.mark.usefixtures("_somebody")
@pytest.mark.parametrize(
    "text", ["köhler\x00", "%köhler%", "köhler' OR '1'='1", "  köhler\t\n", "köhler 😀", "Köhler;"]
)
def test_noise_around_a_name_does_not_hide_it(found, text):
    assert found(text)[0] == ANNA["label"]


@pytest.mark.usefixtures("_somebody")
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60) | st.text("0123456789 +-()/@.aß", max_size=40))
def test_no_text_breaks_the_search(ask, text):
    ask(text, region="DE")


@pytest.mark.django_db
def test_hostile_content_is_stored_and_found_as_it_is(found):
    nasty = "Rob\x00ert'); DROP TABLE \x1f{\"a\\"
    put_many(
        [
            row(
                names=(nasty, "Tables"),
                label=nasty,
                street="\x1f",
                identifiers=[
                    (IdentifierKind.EMAIL, "a\x1fb@mail.example"),
                    (IdentifierKind.TAX_ID, " -- "),
                ],
            ),
            row(names=("x" * 5_000, "y" * 5_000), label="z" * 5_000, town="😀"),
        ]
    )

    assert found("tables robert")[0].startswith("Rob ert')")
    assert len(found("x" * 60)) == 1


@pytest.mark.parametrize(
    "name", ["Null", "A", "Ø", "X-Y", "D'", 'Quo"te', "Back\\slash", "{}", "True"]
)
def test_a_name_that_means_something_to_a_database_is_a_name(found, index, name):
    index(names=(name, "Miller"))

    assert found(f"{name} Miller")[0] == f"{name} Miller"
    assert found("milelr")[0] == f"{name} Miller"
