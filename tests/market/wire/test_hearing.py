"""What others do in the market reaches us by the queue, whole and in order, in both languages."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from market.choices import Codec
from market.gateway import canonical
from market.gateway.canonical import Point
from premises.choices import Division
from sandbox.erp.book.generate import generate
from sandbox.erp.book.identifiers import mpan
from sandbox.erp.book.store import Store
from sandbox.erp.clients import CLIENTS
from sandbox.register.clients import PARTIES
from sandbox.register.places import Places
from tests.market.wire.messages import TODAY, Supplier, days, point


def hear(supplier: Supplier, act: str, place: Point, **wish: object) -> object:
    supplier.sandbox.act(supplier.client, act, place.external_id, **wish)
    (document,) = supplier.drain()
    assert document.problem == ""
    (message,) = document.messages
    assert message.message_id == document.message_id
    assert message.point == place
    assert message.created_at.tzinfo is not None
    return message


def test_a_supply_that_a_competitor_takes_over_is_told_with_its_last_day(supplier: Supplier):
    place = point(supplier.codec)
    claim = supplier.supplying(place)

    lost = hear(supplier, "claim", place, on=days(12).isoformat())

    assert isinstance(lost, canonical.SupplyLost)
    assert lost.ends_on == days(12)
    # it belongs to the case in which we began to supply
    assert uuid.UUID(lost.correlation_id) == claim.correlation_id


@pytest.mark.covers("C-30")
@pytest.mark.parametrize(("act", "is_restored"), [("cut", False), ("reconnect", True)])
def test_what_the_operator_cuts_and_connects_is_told(supplier: Supplier, act, is_restored):
    heard = hear(supplier, act, point(supplier.codec), on=days(-3).isoformat(), reason="works")

    assert isinstance(heard, canonical.PlaceCut)
    assert (heard.changed_on, heard.is_restored) == (days(-3), is_restored)
    assert is_restored or heard.reason == "works"


def test_values_that_the_operator_measured_arrive_with_every_digit(supplier: Supplier):
    shown = [
        {"code": "001", "value": "54321.125", "unit": "KWH"},
        {"code": "002", "value": "0", "unit": "KWH"},
    ]

    heard = hear(
        supplier,
        "values",
        point(supplier.codec),
        on=days(-1).isoformat(),
        serial="S 1",
        values=shown,
    )

    assert isinstance(heard, canonical.ValuesMeasured)
    assert (heard.read_on, heard.serial) == (days(-1), "S 1")
    assert [(value.code, value.value, value.unit) for value in heard.values] == [
        ("001", Decimal("54321.125"), "KWH"),
        ("002", Decimal(0), "KWH"),
    ]


@pytest.mark.covers("C-29")
def test_a_place_that_the_operator_describes_otherwise_is_told_as_it_is_now(supplier: Supplier):
    place = point(supplier.codec)
    (before,) = supplier.register.look_up(place)

    meter = hear(supplier, "meter", place, serial="NEW-1")
    moved = hear(supplier, "address", place, street="Østergade", house="3B", flat="2 tv")
    gone = hear(supplier, "decommission", place)

    assert isinstance(meter, canonical.PlaceChanged)
    assert (meter.place.meter_serial, meter.changed_on) == ("NEW-1", TODAY)
    assert isinstance(moved, canonical.PlaceChanged)
    now = moved.place
    assert (now.street, now.house_number, now.flat) == ("Østergade", "3B", "2 tv")
    assert (now.postcode, now.town, now.operator_code) == (
        before.postcode,
        before.town,
        before.operator_code,
    )
    assert isinstance(gone, canonical.PlaceChanged)
    assert gone.place.state == "DECOMMISSIONED"
    assert supplier.register.look_up(place)[0].street == "Østergade"


@pytest.mark.covers("C-28a")
def test_the_register_knows_operator_address_meter_and_consumption(supplier: Supplier):
    place = point(supplier.codec)

    (found,) = supplier.register.look_up(place)

    assert found.point == place
    assert found.state == "CONNECTED"
    assert found.country == {Codec.POSF: "GB", Codec.CIM: "DK"}[supplier.codec]
    assert found.operator_code.startswith(f"{found.country}-GRID-")
    assert found.operator_name
    for said in (found.street, found.house_number, found.postcode, found.town, found.meter_serial):
        assert said
    assert found.expected_annual_kwh
    # asked twice, the same is answered
    assert supplier.register.look_up(place) == [found]


@pytest.mark.covers("C-28a")
def test_several_places_may_bear_one_number_and_some_bear_none(supplier: Supplier):
    first, second = supplier.register.look_up(point(supplier.codec, "03"))
    assert (first.street, first.town) != (second.street, second.town)
    assert supplier.register.look_up(point(supplier.codec, "00")) == []
    wrong = Point(external_id="../../etc/passwd?x=1#", division=Division.ELECTRICITY)
    assert supplier.register.look_up(wrong) == []


@pytest.mark.covers("C-28a")
@pytest.mark.parametrize(
    ("last", "state"), [("01", "DECOMMISSIONED"), ("02", "INACTIVE"), ("04", "DISCONNECTED")]
)
def test_the_state_of_a_place_is_told_in_our_words(supplier: Supplier, last, state):
    (found,) = supplier.register.look_up(point(supplier.codec, last))

    assert found.state == state


@pytest.mark.covers("C-28a")
def test_places_of_the_book_are_found_where_customers_live(tmp_path):
    """A point of the ERP's book is not made up: it stands at the customer's address."""
    store = Store(tmp_path / "unified.sqlite")
    generate(store, CLIENTS["unified"], today=TODAY, customers=20)
    row = store.all("SELECT * FROM point_of_delivery WHERE division = 'ELECTRICITY'")[0]
    street = store.one("SELECT street FROM connection_object WHERE id = ?", row["co_id"])

    (found,) = Places(PARTIES["unified"], tmp_path).find("ELECTRICITY", row["external_id"], TODAY)

    assert found.street == street["street"]
    assert found.supplies[-1].supplier == "US"


def test_gas_has_places_and_a_language_on_the_platform(posf: Supplier):
    place = Point(external_id="3123456789", division=Division.GAS)

    (found,) = posf.register.look_up(place)
    assert found.operator_name == "Island Gas Networks"
    assert isinstance(posf.answer_to(posf.claim(place)), canonical.ClaimConfirmed)
    posf.sandbox.act(
        posf.client,
        "values",
        place.external_id,
        division="GAS",
        values=[{"code": "001", "value": "12.5", "unit": "M3"}],
    )
    (document,) = posf.drain()
    assert document.messages[0].values[0].unit == "M3"


def test_the_queue_keeps_its_order_and_gives_each_document_once(supplier: Supplier):
    claims = [supplier.claim(point(supplier.codec, of=number)) for number in range(1, 8)]
    for claim in claims:
        supplier.register.submit(claim)

    heard = supplier.drain()

    assert [document.messages[0].reference_id for document in heard] == [
        str(claim.message_id) for claim in claims
    ]
    assert supplier.register.collect() == []


def test_what_was_read_but_not_committed_is_read_again(supplier: Supplier):
    supplier.register.submit(supplier.claim(point(supplier.codec)))

    first = supplier.register.collect()
    again = supplier.register.collect()

    assert [document.queue_id for document in first] == [document.queue_id for document in again]
    assert len(first) == 1


def test_a_commit_that_is_sent_twice_takes_nothing_off_that_nobody_has_read(supplier: Supplier):
    for number in (1, 2):
        supplier.register.submit(supplier.claim(point(supplier.codec, of=number)))
    first = supplier.register.collect()[0]

    supplier.register.commit(first.queue_id)
    supplier.register.commit(first.queue_id)

    (left,) = supplier.drain()
    assert left.queue_id != first.queue_id


def test_duplicates_and_overtaken_documents_come_through_with_their_own_ids(supplier: Supplier):
    supplier.sandbox.fault("duplicate_delivery", operation="queue")
    one = supplier.claim(point(supplier.codec, of=1))
    supplier.register.submit(one)
    supplier.sandbox.control("DELETE", "faults")
    supplier.sandbox.fault("reordered_queue", operation="queue")
    two = supplier.claim(point(supplier.codec, of=2))
    supplier.register.submit(two)

    heard = supplier.drain()

    assert len(heard) == 3
    references = [document.messages[0].reference_id for document in heard]
    assert references.count(str(one.message_id)) == 2
    assert references.index(str(two.message_id)) < 2
    assert len({document.message_id for document in heard}) == 2


def test_more_than_a_batch_is_read_batch_by_batch(posf: Supplier):
    place = point(Codec.POSF).external_id
    posf.sandbox.control(
        "POST", "act", [{"client": "unified", "act": "values", "place": place}] * 130
    )

    assert len(posf.register.collect()) == 100
    assert len(posf.drain()) == 130


@pytest.mark.parametrize(
    "day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 1, 1)], ids=str
)
def test_a_day_stays_a_day_when_the_clocks_change(cim: Supplier, day):
    answer = cim.answer_to(cim.claim(point(Codec.CIM), starts_on=day, initial=True))

    assert answer.starts_on == day
    assert cim.sandbox.ledger("havn")[0]["told"]["day"] == day.isoformat()
    heard = hear(cim, "cut", point(Codec.CIM, of=2), on=day.isoformat())
    assert heard.changed_on == day


@pytest.mark.covers("C-28")
def test_the_pre_check_says_beforehand_what_a_claim_would_be_refused_for(supplier: Supplier):
    def codes(last: str, start: int = 20) -> list[str]:
        found = supplier.register.pre_check(point(supplier.codec, last), days(start))
        return [objection.code for objection in found]

    is_posf = supplier.codec == Codec.POSF
    assert codes("77") == []
    assert codes("00") == ["PLACE_NOT_FOUND" if is_posf else "E10"]
    assert codes("01") == ["PLACE_DECOMMISSIONED" if is_posf else "D16"]
    if is_posf:
        assert codes("05") == ["SWITCH_IN_PROGRESS"]
        assert codes("77", -100) == ["START_TOO_FAR_BACK"]
    place = point(supplier.codec, of=9)
    supplier.supplying(place)
    (found,) = supplier.register.pre_check(place, days(20))
    assert found.code == ("ALREADY_SUPPLIED" if is_posf else "E59")
    assert found.text


def test_the_check_of_the_connection_says_who_answers(supplier: Supplier):
    name = {Codec.POSF: "Unified Power", Codec.CIM: "Havn Energi"}[supplier.codec]

    assert supplier.register.ping() == f"Sandbox Register · {name}"


def test_a_valid_number_of_another_market_is_none(posf: Supplier):
    other = Point(external_id=mpan("109999999977")[:-1] + "x", division=Division.ELECTRICITY)

    assert posf.register.look_up(other) == []
