"""COPY straight into tables: quick where everything is new, and no trace where it is not."""

from __future__ import annotations

import uuid

import pytest

from premises.models import ConnectionObject, Premise
from tests.factories.premises import ConnectionObjectFactory
from utilcrm.db.copying import (
    RECORD,
    copied,
    copy_into,
    copy_objects,
    draw_keys,
    heads,
    keys_of,
    new_uuids,
)

TABLE = "premises_connectionobject"
COLUMNS = RECORD | {
    "erp_number": "text",
    "street": "text",
    "house_number": "text",
    "postcode": "text",
    "town": "text",
    "country": "text",
    "match_key": "text",
}


def copy_buildings(*numbers: str, street: str = "Baker Street") -> None:
    """Copy buildings with these ERP numbers."""
    copy_into(
        TABLE,
        COLUMNS,
        [
            (*head, number, street, None, "", "London", "GB", "")
            for head, number in zip(heads(draw_keys(TABLE, len(numbers))), numbers, strict=True)
        ],
    )


@pytest.mark.parametrize("number", [1, 100, 10_000])
def test_uuids_are_of_version_7_all_different_and_ascending(number: int) -> None:
    made = [uuid.UUID(text) for text in new_uuids(number)]

    assert len(set(made)) == number
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    counters = [one.int >> 64 for one in made]
    assert counters == sorted(counters)


@pytest.mark.django_db
def test_rows_arrive_as_they_were_given() -> None:
    street = 'Two, "Lines"\nand a \\ stroke'
    copy_buildings("0000000001", street=street)

    building = ConnectionObject.objects.get()
    assert (building.street, building.house_number, building.town) == (street, "", "London")
    assert building.uuid.version == 7
    assert keys_of(TABLE, "erp_number", ["0000000001", "0000000002", ""]) == {
        "0000000001": building.pk
    }


@pytest.mark.django_db
def test_what_a_constraint_keeps_out_leaves_nothing_behind() -> None:
    ConnectionObjectFactory(erp_number="0000000002")

    assert not copied(lambda: copy_buildings("0000000001", "0000000002"))

    assert ConnectionObject.objects.count() == 1
    assert copied(lambda: copy_buildings("0000000001", "0000000003"))
    # a key that was drawn is never drawn again
    ConnectionObjectFactory(erp_number="0000000004")
    assert ConnectionObject.objects.count() == 4


@pytest.mark.django_db
def test_objects_are_copied_as_they_would_be_inserted() -> None:
    building = ConnectionObjectFactory()
    wanted = [
        Premise(connection_object=building, flat=flat, floor="", kind="HOUSEHOLD")
        for flat in ("1", 'a "b", c', "")
    ]

    made = copy_objects(wanted)

    assert made == wanted
    for one in made:
        stored = Premise.objects.get(pk=one.pk)
        assert (stored.uuid, stored.flat, stored.segment) == (one.uuid, one.flat, None)
        assert stored.connection_object == building
        assert stored.created_at == one.created_at
    made[0].flat = "2"
    made[0].save()
    assert Premise.objects.count() == 3
    assert copy_objects([]) == []


@pytest.mark.django_db
def test_objects_that_a_constraint_keeps_out_leave_no_trace() -> None:
    there = ConnectionObjectFactory()
    twin = ConnectionObject(street="Elm Row", town="Leeds", country="GB", uuid=there.uuid)

    assert not copied(lambda: copy_objects([twin]))
    assert ConnectionObject.objects.count() == 1
