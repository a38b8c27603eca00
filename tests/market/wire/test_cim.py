"""What the data hub's documents look like on the wire, beyond what both languages have."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from lxml import etree

from market.choices import Codec
from market.gateway import canonical, xml
from market.gateway.cim import names
from market.gateway.cim.reading import Reader
from market.gateway.cim.writing import Writer
from tests.market.wire.messages import Supplier, days, point

US = "5790002500015"


def tag(name: str, text: str, scheme: str = "") -> str:
    coded = f' codingScheme="{scheme}"' if scheme else ""
    return f"<cim:{name}{coded}>{text}</cim:{name}>"


def document(base: str, kind: str, process: str, records: str) -> bytes:
    space = names.namespace(base)
    head = [
        tag("mRID", "12898725"),
        tag("type", kind),
        tag("process.processType", process),
        tag("sender_MarketParticipant.mRID", "5790001330552", "A10"),
        tag("sender_MarketParticipant.marketRole.type", "DDZ"),
        tag("receiver_MarketParticipant.mRID", US, "A10"),
        tag("receiver_MarketParticipant.marketRole.type", "DDQ"),
        tag("createdDateTime", "2026-11-17T09:30:47Z"),
    ]
    name = f"cim:{base}_MarketDocument"
    return f'<{name} xmlns:cim="{space}">{"".join(head)}{records}</{name}>'.encode()


def notice(number: int, transaction: str = "78952366") -> str:
    parts = [
        tag("mRID", transaction),
        tag("validityStart_DateAndOrTime.dateTime", "2026-12-17T23:00:00Z"),
        tag("marketEvaluationPoint.mRID", f"57131310000000001{number}", "A10"),
    ]
    return tag("MktActivityRecord", "".join(parts))


def read(raw: bytes) -> tuple[canonical.Incoming, ...]:
    return Reader(party=US).read(xml.parse(raw))


@pytest.mark.parametrize("process", ["E01", "E03", "E65", "D31"])
def test_whoever_takes_a_point_over_the_loss_is_understood(process):
    (lost,) = read(document("GenericNotification", "E44", process, notice(7)))

    assert isinstance(lost, canonical.SupplyLost)
    # midnight in Copenhagen is 23:00 of the day before in UTC
    assert lost.ends_on == dt.date(2026, 12, 18)
    assert lost.message_id == "12898725"


@pytest.mark.parametrize("process", ["E20", "E66"])
def test_the_end_that_we_asked_for_ourselves_is_no_loss(process):
    assert read(document("GenericNotification", "E44", process, notice(7))) == ()


def test_what_is_told_of_a_customer_s_own_data_asks_nothing_of_us():
    assert read(document("CharacteristicsOfACustomerAtAnAP", "E21", "E34", "")) == ()


def test_a_notification_for_a_reason_we_do_not_know_is_for_a_person():
    with pytest.raises(xml.Unreadable, match="D14"):
        read(document("GenericNotification", "E44", "D14", notice(7)))


def test_several_transactions_of_one_document_are_told_apart():
    both = notice(7, "a") + notice(8, "b")

    first, second = read(document("GenericNotification", "E44", "E03", both))

    assert (first.message_id, second.message_id) == ("12898725#1", "12898725#2")
    assert first.point != second.point


def test_what_flowed_hour_by_hour_is_not_taken_for_what_a_meter_showed():
    hours = (tag("position", f"{hour}") + tag("quantity", "242") for hour in range(1, 25))
    between = tag("start", "2026-11-15T23:00Z") + tag("end", "2026-11-16T23:00Z")
    period = [tag("resolution", "PT1H"), tag("timeInterval", between)]
    parts = [
        tag("mRID", "C1876456"),
        tag("marketEvaluationPoint.mRID", "571313100000000017", "A10"),
        tag("marketEvaluationPoint.type", "E17"),
        tag("registration_DateAndOrTime.dateTime", "2026-11-17T07:30:00Z"),
        tag("product", "8716867000030"),
        tag("quantity_Measure_Unit.name", "KWH"),
        tag("Period", "".join([*period, *(tag("Point", hour) for hour in hours)])),
    ]
    series = tag("Series", "".join(parts))

    assert read(document("NotifyValidatedMeasureData", "E66", "E23", series)) == ()
    (shown,) = read(document("NotifyValidatedMeasureData", "E66", "D19", series))
    assert isinstance(shown, canonical.ValuesMeasured)
    assert (shown.serial, shown.values[0].code) == ("", "001")


def test_the_document_of_a_claim_has_the_names_and_codes_of_the_hub(cim: Supplier):
    claim = cim.claim(point(Codec.CIM), starts_on=dt.date(2027, 7, 1))

    name, raw = Writer(party=US, hub="5790001330552").write(claim)

    root = etree.fromstring(raw)
    assert root.nsmap == {"cim": "urn:ediel.org:structure:requestchangeofsupplier:0:1"}
    told = {etree.QName(node).localname: node.text for node in root.iter() if not len(node)}
    assert name == "RequestChangeOfSupplier_MarketDocument"
    assert (told["type"], told["process.processType"]) == ("392", "E03")
    assert told["start_DateAndOrTime.dateTime"] == "2027-06-30T22:00:00Z"
    assert len(told["businessProcessReference_MktActivityRecord.mRID"]) == 36


@pytest.mark.parametrize("day", [dt.date(2000, 1, 1), days(0), dt.date(2089, 12, 31)], ids=str)
def test_a_case_says_its_day_in_the_characters_there_are(day):
    case = uuid.uuid4()

    said = names.case_with_day(case, day)

    assert len(said) == 36
    assert names.read_case(said) == (str(case), day)
    assert names.read_case(str(case)) == (str(case), None)
