import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from identification.choices import EntryKind, IdentifierKind
from identification.queries import by_phone
from tests.factories.identification import ANNA

RESIDENTIAL, CORPORATE = frozenset({"RESIDENTIAL"}), frozenset({"CORPORATE"})


@pytest.mark.covers("B-02")
@pytest.mark.parametrize(
    "text",
    [
        "104711",
        "900123",
        "anna.koehler@mail.example",
        "anna.koelher@mail.example",
        "köhler",
        "koelher",
        "anna köhler",
        "old church road",
        "SW1A 1AA",
        "12a church road milton keynes",
        "104171",
    ],
)
def test_an_account_of_another_segment_is_not_found_by_anything(found, index, text):
    index(**ANNA, segment="CORPORATE")

    assert found(text, segments=RESIDENTIAL) == []
    assert found(text, segments=frozenset()) == []
    assert found(text, segments=CORPORATE) == [ANNA["label"]]


def test_a_calling_number_of_another_segment_proposes_nobody(index):
    index(**ANNA, segment="CORPORATE")

    assert not by_phone("+447700900123", segments=RESIDENTIAL)
    assert by_phone("+447700900123", segments=CORPORATE)


def test_a_vacant_premise_is_found_by_everybody(found, index):
    index(
        kind=EntryKind.PREMISE,
        label="vacant",
        segment=None,
        street="Church Road",
        postcode="SW1A 1AA",
        identifiers=[(IdentifierKind.METER, "S95A1234567")],
    )

    for segments in (RESIDENTIAL, CORPORATE, frozenset()):
        assert found("church road", segments=segments) == ["vacant"]
        assert found("S95A1234567", segments=segments) == ["vacant"]


def test_what_is_hidden_changes_neither_the_order_nor_the_count(ask, index):
    index(names=("Jan", "Braun"))
    index(names=("Jan", "Brahn"))
    before = ask("jan brauhn", segments=RESIDENTIAL)
    for number in range(60):
        index(names=("Jan", "Brauhn"), segment="CORPORATE")
        index(
            names=("Jan", f"Brau{chr(97 + number % 26)}hn"),
            segment="CORPORATE",
            identifiers=[(IdentifierKind.CONTRACT_NUMBER, "900123")],
        )

    after = ask("jan brauhn", segments=RESIDENTIAL)

    assert after == before
    assert len(after) == 2
    assert not ask("900123", segments=RESIDENTIAL)


def test_an_account_that_changes_its_segment_changes_who_finds_it(found, index):
    entry = index(**ANNA, segment="RESIDENTIAL")
    index(**ANNA, segment="CORPORATE", subject_id=entry.subject_id)

    assert found("köhler", segments=RESIDENTIAL) == []
    assert found("104711", segments=RESIDENTIAL) == []
    assert found("köhler", segments=CORPORATE) == [ANNA["label"]]


def test_only_the_wanted_kinds_are_found(found, index):
    index(label="account", street="Church Road")
    index(label="premise", street="Church Road", kind=EntryKind.PREMISE)

    assert found("church road", kinds=[EntryKind.PREMISE]) == ["premise"]
    assert found("church road", kinds=[EntryKind.ACCOUNT]) == ["account"]
    assert found("church road", kinds=[]) == []


def test_another_tenant_finds_nothing_of_ours(found, index, other_tenant):
    index(**ANNA)

    with tenant_context(other_tenant):
        assert found("104711") == []
        assert found("köhler") == []
        index(names=("Olaf", "Other"))
        assert found("other") == ["Olaf Other"]
        assert connection.schema_name == other_tenant.schema_name
    assert found("other") == []
    assert found("köhler") == [ANNA["label"]]
