"""The last digits of a number, said beside a name that more people have than are looked through."""

import pytest

from access.choices import SegmentCode
from identification.choices import IdentifierKind
from identification.services.indexing import Row, put_many
from identification.services.recounting import recount_words
from tests.factories.identification import row

MANY = 130


def _smith(number: int, **facts) -> Row:
    phone = f"+4477{number:04d}{(number * 7919) % 10_000:04d}"
    return row(names=("Ann", "Smith"), identifiers=((IdentifierKind.PHONE, phone),), **facts)


@pytest.fixture
def smiths(db) -> list[Row]:
    smiths = [_smith(number) for number in range(MANY)]
    put_many(smiths)
    return smiths


@pytest.mark.parametrize("are_counted", [True, False])
def test_the_one_with_the_digits_is_found_whether_the_name_was_counted_or_not(
    smiths, found, ask, are_counted
) -> None:
    if are_counted:
        recount_words()
    wanted = smiths[77]

    hits = ask(f"Smith {wanted.identifiers[0][1][-4:]}")

    assert wanted.subject_id in {hit.subject_id for hit in hits}
    assert len(hits) < 5


def test_a_hidden_one_with_the_digits_is_not_found(smiths, ask) -> None:
    hidden = _smith(999, segment=SegmentCode.CORPORATE)
    put_many([hidden])

    hits = ask(f"Smith {hidden.identifiers[0][1][-4:]}", segments={SegmentCode.RESIDENTIAL})

    assert hidden.subject_id not in {hit.subject_id for hit in hits}


def test_a_postcode_beside_a_name_that_somebody_has_is_not_the_end_of_a_number(index, ask) -> None:
    index(names=("Eva", "Kern"), postcode="10115")
    index(names=("Ida", "Kern"), identifiers=((IdentifierKind.METER, "4410115"),))

    assert [hit.label for hit in ask("Kern 10115", region="DE")] == ["Eva Kern"]


def test_four_digits_beside_a_name_may_be_a_postcode_and_the_end_of_a_number(index, ask) -> None:
    index(names=("Eva", "Kern"), postcode="2100")
    index(names=("Ida", "Kern"), identifiers=((IdentifierKind.METER, "442100"),))

    found = [hit.label for hit in ask("Kern 2100", region="DK")]

    assert found == ["Eva Kern", "Ida Kern"]
