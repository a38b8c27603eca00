"""Every rule of the register refuses what breaks it, with its code, and nothing has happened."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable

import pytest

from market.choices import ClaimReason, Codec, EndReason
from market.gateway import canonical
from market.gateway.canonical import Outgoing
from market.gateway.register import FailureKind, RegisterFailure
from tests.market.wire.messages import COMPANY, Supplier, days, point


def claim(last: str = "77", start: int = 20, **changes: object) -> Callable[[Supplier], Outgoing]:
    def make(supplier: Supplier) -> Outgoing:
        place = point(supplier.codec, last)
        return supplier.claim(place, starts_on=days(start), **changes)

    return make


def second_claim(supplier: Supplier) -> Outgoing:
    supplier.answer_to(supplier.claim(point(supplier.codec)))
    return supplier.claim(point(supplier.codec), starts_on=days(40))


def claim_of_our_own(supplier: Supplier) -> Outgoing:
    supplier.supplying(point(supplier.codec))
    return supplier.claim(point(supplier.codec))


def same_customer_moves_in(supplier: Supplier) -> Outgoing:
    supplier.supplying(point(supplier.codec))
    return supplier.claim(point(supplier.codec), reason=ClaimReason.MOVE_IN)


def withdrawal_of_nothing(supplier: Supplier) -> Outgoing:
    return supplier.make(canonical.ClaimWithdrawn, point(supplier.codec), claim_id=uuid.uuid4())


def late_withdrawal(supplier: Supplier) -> Outgoing:
    started = supplier.supplying(point(supplier.codec))
    return supplier.make(
        canonical.ClaimWithdrawn, point(supplier.codec), claim_id=started.message_id
    )


def end(offset: int, *, ours: bool = True) -> Callable[[Supplier], Outgoing]:
    def make(supplier: Supplier) -> Outgoing:
        place = point(supplier.codec)
        if ours:
            supplier.supplying(place)
        return supplier.make(
            canonical.SupplyEnded, place, ends_on=days(offset), reason=EndReason.CUSTOMER
        )

    return make


def notice_where_another_supplies(supplier: Supplier) -> Outgoing:
    return supplier.make(
        canonical.SupplyEnding, point(supplier.codec), ends_on=days(9), reason=EndReason.CUSTOMER
    )


def notice_back_twice(supplier: Supplier) -> Outgoing:
    place = point(supplier.codec)
    supplier.supplying(place)
    notice = supplier.make(
        canonical.SupplyEnding, place, ends_on=days(9), reason=EndReason.CUSTOMER
    )
    back = supplier.make(canonical.EndingTakenBack, place, notice_id=notice.message_id)
    supplier.answer_to(notice)
    supplier.answer_to(back)
    return dataclasses.replace(back, message_id=uuid.uuid4())


def cut_where_another_supplies(supplier: Supplier) -> Outgoing:
    return supplier.make(canonical.SupplyCut, point(supplier.codec), cut_on=days(0))


def cut_twice(supplier: Supplier) -> Outgoing:
    supplier.supplying(point(supplier.codec))
    supplier.answer_to(cut_where_another_supplies(supplier))
    return cut_where_another_supplies(supplier)


def restored_though_never_cut(supplier: Supplier) -> Outgoing:
    supplier.supplying(point(supplier.codec))
    return supplier.make(canonical.SupplyRestored, point(supplier.codec), restored_on=days(0))


def meter_of_another(supplier: Supplier) -> Outgoing:
    return supplier.make(
        canonical.MeterChanged, point(supplier.codec), changed_on=days(0), installed_serial="X"
    )


RULES = [
    ("PLACE_DECOMMISSIONED", "D16", claim("01")),
    ("PLACE_INACTIVE", "D16", claim("02")),
    ("START_TOO_FAR_BACK", "E17", claim(start=-61)),
    ("START_TOO_FAR_AHEAD", "E17", claim(start=401)),
    ("SWITCH_IN_PROGRESS", "E22", claim("05")),
    ("SWITCH_IN_PROGRESS", "E22", second_claim),
    ("ALREADY_SUPPLIED", "E59", claim_of_our_own),
    ("ALREADY_SUPPLIED", "E59", same_customer_moves_in),
    ("CLAIM_NOT_FOUND", "D06", withdrawal_of_nothing),
    ("ALREADY_STARTED", "E47", late_withdrawal),
    ("END_TOO_EARLY", "E17", end(2)),
    ("END_TOO_FAR_BACK", "E17", end(-61)),
    ("NOT_YOUR_SUPPLY", "E16", end(0, ours=False)),
    ("NOT_YOUR_SUPPLY", "E16", notice_where_another_supplies),
    ("NOTICE_NOT_FOUND", "D38", notice_back_twice),
    ("NOT_YOUR_SUPPLY", "E16", cut_where_another_supplies),
    ("ALREADY_CUT", "E81", cut_twice),
    ("NOT_CUT", "D16", restored_though_never_cut),
    ("NOT_YOUR_SUPPLY", "E16", meter_of_another),
]


@pytest.mark.covers("C-28")
@pytest.mark.parametrize(
    ("word", "code", "make"),
    RULES,
    ids=[f"{word}-{make.__name__}-{number}" for number, (word, _code, make) in enumerate(RULES)],
)
def test_the_register_refuses_by_its_queue_and_says_why(supplier: Supplier, word, code, make):
    message = make(supplier)
    before = supplier.sandbox.control(
        "GET", "places", client=supplier.client, place=message.point.external_id
    )

    answer = supplier.answer_to(message)

    assert isinstance(answer, canonical.MessageRejected)
    assert answer.reference_id == str(message.message_id)
    assert answer.correlation_id == str(message.correlation_id)
    wanted = {Codec.POSF: word, Codec.CIM: code}[supplier.codec]
    assert wanted in [objection.code for objection in answer.objections]
    assert all(objection.text for objection in answer.objections)
    after = supplier.sandbox.control(
        "GET", "places", client=supplier.client, place=message.point.external_id
    )
    assert after == before


def test_a_move_in_of_another_customer_is_a_claim_although_we_supply_already(supplier: Supplier):
    place = point(supplier.codec)
    supplier.supplying(place)

    answer = supplier.answer_to(supplier.claim(place, reason=ClaimReason.MOVE_IN, customer=COMPANY))

    assert isinstance(answer, canonical.ClaimConfirmed)


def test_an_end_is_accepted_after_the_next_supply_has_taken_its_place(supplier: Supplier):
    """The new customer's claim ends the former supply: telling the end as well changes nothing."""
    place = point(supplier.codec)
    first = supplier.supplying(place)
    supplier.answer_to(
        supplier.claim(place, reason=ClaimReason.MOVE_IN, customer=COMPANY, starts_on=days(0))
    )

    answer = supplier.answer_to(
        supplier.make(
            canonical.SupplyEnded,
            place,
            correlation_id=first.correlation_id,
            ends_on=days(0),
            reason=EndReason.MOVE_OUT,
        )
    )

    assert isinstance(answer, canonical.MessageAccepted)
    (known,) = supplier.sandbox.control(
        "GET", "places", client=supplier.client, place=place.external_id
    )
    assert known["supplies"][-1]["supplier"] == "US"
    assert known["supplies"][-1]["ends_on"] is None


def test_several_objections_come_together(supplier: Supplier):
    message = claim("01", start=-500)(supplier)

    answer = supplier.answer_to(message)

    assert len(answer.objections) == 2


def test_a_point_nobody_knows_is_refused_with_its_code(posf: Supplier, cim: Supplier):
    with pytest.raises(RegisterFailure) as caught:
        posf.register.submit(claim("00")(posf))
    assert caught.value.kind is FailureKind.REFUSED
    assert [one.code for one in caught.value.objections] == ["PLACE_NOT_FOUND"]

    answer = cim.answer_to(claim("00")(cim))
    assert [one.code for one in answer.objections] == ["E10"]


def test_of_two_places_with_one_number_the_postcode_says_which(posf: Supplier):
    place = point(Codec.POSF, "03")
    with pytest.raises(RegisterFailure) as caught:
        posf.register.submit(posf.claim(place))
    assert [one.code for one in caught.value.objections] == ["PLACE_AMBIGUOUS"]

    elsewhere = dataclasses.replace(place, postcode="XX1 1XX")
    with pytest.raises(RegisterFailure) as caught:
        posf.register.submit(posf.claim(elsewhere))
    assert [one.code for one in caught.value.objections] == ["PLACE_AMBIGUOUS"]

    second = posf.register.look_up(place)[1]

    assert isinstance(posf.answer_to(posf.claim(second.point)), canonical.ClaimConfirmed)


def test_gas_has_no_hub_in_denmark(cim: Supplier, posf: Supplier):
    gas = canonical.Point(external_id="571313200000000000", division="GAS")

    with pytest.raises(RegisterFailure) as caught:
        cim.register.submit(cim.claim(gas))

    assert caught.value.kind is FailureKind.REFUSED
    assert cim.register.look_up(gas) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": dataclasses.replace(COMPANY, name="x" * 600)},
        {"customer": dataclasses.replace(COMPANY, name="Bell\x07")},
    ],
    ids=["too long a name", "a character that XML has not"],
)
def test_a_message_that_the_schema_would_refuse_never_leaves(supplier: Supplier, changes):
    with pytest.raises(RegisterFailure) as caught:
        supplier.register.submit(supplier.claim(point(supplier.codec), **changes))

    assert caught.value.kind is FailureKind.REFUSED
    (objection,) = caught.value.objections
    assert objection.code == "MESSAGE_INVALID"
    assert objection.text
    assert not caught.value.reached
    assert supplier.sandbox.ledger(supplier.client) == []
