"""Whatever people are called and meters show: it arrives as it is, or it does not leave."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from market.choices import ClaimReason, Codec
from market.gateway import canonical
from market.gateway.canonical import Customer, RegisterValue
from market.gateway.cim.writing import Writer as CimWriter
from market.gateway.posf.writing import Writer as PosfWriter
from market.gateway.xml import Unreadable
from sandbox.register.cim.reading import read as read_cim
from sandbox.register.clients import NUMBER, PARTIES
from sandbox.register.places import Place
from sandbox.register.posf.reading import read as read_posf
from sandbox.register.posf.writing import places
from sandbox.register.told import Told
from tests.market.wire.messages import days, point

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WORDS = st.text(max_size=80)
NUMBERS = st.decimals(min_value=0, max_value=10**11, places=6) | st.sampled_from(
    [Decimal("1E+3"), Decimal("-0"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e-7")]
)


def head(codec: Codec) -> dict[str, Any]:
    return {
        "message_id": uuid.uuid4(),
        "correlation_id": uuid.uuid4(),
        "created_at": dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC),
        "point": point(codec),
        "contract_number": "C-1",
    }


def understood(codec: Codec, message: canonical.Outgoing) -> Told | None:
    """Return what the other side understands, nothing if the message does not leave."""
    party = PARTIES[{Codec.POSF: "unified", Codec.CIM: "havn"}[codec]]
    try:
        if codec == Codec.CIM:
            name, raw = CimWriter(party=party.number, hub=NUMBER).write(message)
            return read_cim(raw, party, name.removesuffix("_MarketDocument").lower())
        place = Place(message.point.external_id, "ELECTRICITY", *"ABCDEFGHI", "S1", 3500)
        node = etree.fromstring(places([place]))[0]
        _name, raw = PosfWriter(party=party.number, name=party.name).write(message, node)
        return read_posf(raw, party)
    except Unreadable:
        return None


@pytest.mark.parametrize("codec", Codec)
@settings(max_examples=30, deadline=None)
@given(customer=st.builds(Customer, name=WORDS, is_person=st.booleans(), street=WORDS, town=WORDS))
def test_a_customer_s_name_arrives_as_it_is_or_the_claim_does_not_leave(codec, customer):
    claim = canonical.SupplyClaimed(
        **head(codec),
        starts_on=days(10),
        reason=ClaimReason.SWITCH,
        customer=dataclasses.replace(customer, house_number="1"),
    )

    told = understood(codec, claim)

    if told is not None:
        # between names the platform keeps one blank, and lines end in one way
        assert told.customer.split() == customer.name.split()
        assert told.day == days(10)
    else:
        words = f"{customer.name}{customer.street}{customer.town}"
        assert NOT_IN_XML.search(words), "only what no XML can carry stays here"


@pytest.mark.parametrize("codec", Codec)
@settings(max_examples=30, deadline=None)
@given(number=NUMBERS)
def test_what_a_meter_showed_arrives_to_the_last_digit_or_does_not_leave(codec, number):
    reading = canonical.ReadingSubmitted(
        **head(codec),
        read_on=days(-1),
        serial="E 1",
        values=(RegisterValue(code="001", value=number, unit="KWH"),),
    )

    told = understood(codec, reading)

    if told is None:
        assert not number.is_finite() or number == Decimal("1e-7")
    else:
        (value,) = told.values
        assert Decimal(value["value"]) == number
        assert (value["code"], value["serial"]) == ("001", "E 1")
