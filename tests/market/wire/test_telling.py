"""What we tell a register arrives there as we meant it, in both languages."""

from __future__ import annotations

import dataclasses

import pytest

from market.choices import ClaimReason, Codec, EndReason
from market.gateway import canonical
from market.gateway.register import FailureKind, RegisterFailure, Taken
from tests.market.wire.messages import COMPANY, Supplier, all_about, days, point, values


@pytest.mark.covers("C-28")
def test_a_claim_is_confirmed_by_the_queue_and_stands_in_the_register_once(supplier: Supplier):
    place = point(supplier.codec)
    claim = supplier.claim(place, expected_annual_kwh=3100, ends_on=days(385))

    answer = supplier.answer_to(claim)

    assert isinstance(answer, canonical.ClaimConfirmed)
    assert answer.reference_id == str(claim.message_id)
    assert answer.correlation_id == str(claim.correlation_id)
    assert answer.point == place
    assert answer.starts_on == claim.starts_on
    assert answer.created_at.tzinfo is not None
    (entry,) = supplier.sandbox.ledger(supplier.client)
    told = entry["told"]
    assert (told["kind"], told["external_id"]) == ("CLAIM", place.external_id)
    assert (told["day"], told["reason"]) == (claim.starts_on.isoformat(), "SWITCH")
    # the data hub asks for no number of a contract
    assert told["contract_number"] == {Codec.POSF: "C-0000012345", Codec.CIM: ""}[supplier.codec]
    assert told["customer"] == "Margaret Ashworth"
    (known,) = supplier.sandbox.control(
        "GET", "places", client=supplier.client, place=place.external_id
    )
    ours = known["supplies"][-1]
    assert (ours["supplier"], ours["claim_id"]) == ("US", str(claim.message_id))


@pytest.mark.parametrize("reason", ClaimReason)
@pytest.mark.parametrize("customer", [COMPANY, None], ids=["company", "person"])
def test_every_reason_of_a_claim_and_both_kinds_of_customer_are_understood(
    supplier: Supplier, reason, customer
):
    changes = {"customer": customer} if customer else {}

    answer = supplier.answer_to(supplier.claim(point(supplier.codec), reason=reason, **changes))

    assert isinstance(answer, canonical.ClaimConfirmed)
    told = supplier.sandbox.ledger(supplier.client)[0]["told"]
    assert told["customer"] == (customer.tax_id if customer else "Margaret Ashworth")
    assert (told["reason"] == "SWITCH") == (reason == ClaimReason.SWITCH)


@pytest.mark.covers("C-29", "C-30", "C-31")
def test_whatever_happens_to_a_supply_is_told_and_accepted(supplier: Supplier):
    place = point(supplier.codec)
    claim = supplier.supplying(place)
    messages = all_about(supplier, place, claim)

    for message in messages:
        answer = supplier.answer_to(message)
        assert isinstance(answer, canonical.MessageAccepted), type(message)
        assert answer.reference_id == str(message.message_id)
        assert answer.correlation_id == str(message.correlation_id)
        assert answer.point == place

    told = {
        entry["told"]["kind"]: entry["told"] for entry in supplier.sandbox.ledger(supplier.client)
    }
    assert told["NOTICE"]["day"] == days(30).isoformat()
    assert told["NOTICE_BACK"]["reference"] == told["NOTICE"]["message_id"]
    assert told["CUT"]["day"] == told["RESTORED"]["day"] == days(0).isoformat()
    assert told["END"]["day"] == days(0).isoformat()
    assert told["METER"]["day"] == days(-2).isoformat()
    assert told["METER"]["serial"] == "E21Z0002"
    shown = [(value["kind"], value["code"], value["value"]) for value in told["METER"]["values"]]
    assert shown == [
        ("FINAL", "001", "12345.5"),
        ("FINAL", "002", "77"),
        ("INITIAL", "001", "0"),
        ("INITIAL", "002", "3"),
    ]
    (read,) = told["READING"]["values"]
    assert (read["value"], read["serial"], told["READING"]["day"]) == (
        "7",
        "E1",
        days(-1).isoformat(),
    )


REASONS = {
    EndReason.MOVE_OUT: ("DENUNTARE_INCETARE_LOC", "E66"),
    EndReason.CUSTOMER: ("DENUNTARE", "E20"),
    EndReason.SUPPLIER: ("REZILIERE", "E20"),
    EndReason.NON_PAYMENT: ("REZILIERE_NEPLATA", "E20"),
    EndReason.EXPIRY: ("ACORDUL_PARTILOR", "E20"),
    EndReason.AGREEMENT: ("ACORDUL_PARTILOR", "E20"),
    EndReason.FORCE_MAJEURE: ("REZILIERE", "E20"),
    EndReason.OTHER: ("REZILIERE", "E20"),
}


@pytest.mark.covers("C-31")
@pytest.mark.parametrize("reason", EndReason)
def test_each_reason_of_an_end_reaches_the_register(supplier: Supplier, reason):
    place = point(supplier.codec)
    claim = supplier.supplying(place)
    notice = supplier.make(canonical.SupplyEnding, place, ends_on=days(14), reason=reason)
    end = supplier.make(
        canonical.SupplyEnded,
        place,
        correlation_id=claim.correlation_id,
        ends_on=days(0),
        reason=reason,
    )

    answers = [supplier.answer_to(notice), supplier.answer_to(end)]

    assert all(isinstance(answer, canonical.MessageAccepted) for answer in answers)
    _claim, noticed, ended = supplier.sandbox.ledger(supplier.client)
    posf, cim = REASONS[reason]
    if supplier.codec == Codec.CIM:
        assert (noticed["told"]["reason"], ended["told"]["reason"]) == (cim, cim)
    else:
        assert noticed["told"]["reason"] == f"{posf} {reason.value}"
        assert ended["told"]["reason"] == posf


def test_a_claim_taken_back_before_its_start_leaves_the_point_with_the_former_supplier(
    supplier: Supplier,
):
    place = point(supplier.codec)
    claim = supplier.claim(place)
    supplier.answer_to(claim)

    answer = supplier.answer_to(
        supplier.make(
            canonical.ClaimWithdrawn,
            place,
            claim_id=claim.message_id,
            correlation_id=claim.correlation_id,
        )
    )

    assert isinstance(answer, canonical.MessageAccepted)
    (known,) = supplier.sandbox.control(
        "GET", "places", client=supplier.client, place=place.external_id
    )
    assert [row["supplier"] for row in known["supplies"]][-1] != "US"
    assert known["supplies"][-1]["ends_on"] is None


@pytest.mark.covers("C-16")
def test_a_load_of_history_is_taken_without_looking_at_its_days(supplier: Supplier):
    place = point(supplier.codec)
    old = supplier.claim(place, starts_on=days(-900), initial=True)

    answer = supplier.answer_to(old)

    assert isinstance(answer, canonical.ClaimConfirmed)
    assert supplier.sandbox.ledger(supplier.client)[0]["told"]["initial"] is True


def test_the_same_message_sent_twice_has_one_effect_and_one_answer(supplier: Supplier):
    claim = supplier.claim(point(supplier.codec))

    supplier.register.submit(claim)
    supplier.register.submit(claim)

    assert len(supplier.drain()) == 1
    assert len(supplier.sandbox.ledger(supplier.client)) == 1


def test_another_message_under_a_used_id_is_refused_with_a_reason(supplier: Supplier):
    claim = supplier.claim(point(supplier.codec))
    supplier.register.submit(claim)
    other = dataclasses.replace(claim, starts_on=days(30))

    with pytest.raises(RegisterFailure) as caught:
        supplier.register.submit(other)

    assert caught.value.kind is FailureKind.REFUSED
    assert caught.value.reached
    assert caught.value.objections[0].code


def test_the_register_says_what_became_of_a_message(supplier: Supplier):
    claim = supplier.claim(point(supplier.codec))
    assert supplier.register.status_of(claim) is None

    supplier.sandbox.fault("late_answer", seconds=60)
    supplier.register.submit(claim)
    assert supplier.register.status_of(claim) is Taken.NO_ANSWER_YET

    supplier.sandbox.control("DELETE", "faults")
    quick = supplier.claim(point(supplier.codec, of=2))
    again = supplier.claim(point(supplier.codec, of=2))
    supplier.register.submit(quick)
    supplier.register.submit(again)
    confirmed, rejected = map(supplier.register.status_of, (quick, again))
    assert isinstance(confirmed, canonical.ClaimConfirmed)
    assert isinstance(rejected, canonical.MessageRejected)
    assert rejected.reference_id == str(again.message_id)
    # the same answer as the queue brings, so that it is recognised there
    ids = {document.message_id for document in supplier.drain()}
    assert ids == {confirmed.message_id, rejected.message_id}


def test_a_reading_of_several_registers_keeps_every_digit(supplier: Supplier):
    place = point(supplier.codec)
    supplier.supplying(place)
    shown = values("123456.789", "0.001", "99999")

    supplier.answer_to(
        supplier.make(
            canonical.ReadingSubmitted, place, read_on=days(0), serial="E21Z0001", values=shown
        )
    )

    told = supplier.sandbox.ledger(supplier.client)[-1]["told"]
    assert [value["value"] for value in told["values"]] == ["123456.789", "0.001", "99999"]
    assert [value["code"] for value in told["values"]] == ["001", "002", "003"]
