"""Changes of contracts in the sandbox ERP: what it does, and what it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.sandbox.messages import Answer, Crm, new_uuid
from tests.sandbox.process import wait_for

REQUEST = "UtilitiesContractERPChangeRequest"


def day(days: int) -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


@pytest.fixture
def active(crm: Crm) -> dict[str, Any]:
    """A contract that the ERP has set up, from five days ahead."""
    wanted = crm.prepared()
    crm.send("UtilitiesContractERPCreateRequest", UtilitiesContract=wanted)
    wait_for(lambda: _is_completed(crm, wanted["ExternalReference"]))
    return wanted


def _is_completed(crm: Crm, reference: str) -> bool:
    return any(
        one.content.get("OverallStatusCode") == "COMPLETED"
        and one.content["UtilitiesContract"]["ExternalReference"] == reference
        for one in crm.answers()
    )


def change(crm: Crm, reference: str, *, uuid: str | None = None, **facts: Any) -> Answer:
    content = {
        "ExternalReference": reference,
        "ChangeReasonCode": "END_CUSTOMER",
        "EffectiveDate": day(30),
        **facts,
    }
    return crm.send(REQUEST, uuid, UtilitiesContract=content)


def effects(crm: Crm) -> list[str]:
    return [one["effect"] for one in crm.erp.ledger() if one["kind"] == REQUEST]


def test_an_end_is_set_moved_and_undone(crm: Crm, active: dict[str, Any]) -> None:
    own = active["ExternalReference"]

    assert change(crm, own, EndDate=day(30)).succeeded
    assert change(crm, own, EndDate=day(40)).succeeded
    assert change(crm, own, ChangeReasonCode="UNDO").succeeded

    assert effects(crm) == ["changed"] * 3


def test_the_same_change_again_finds_nothing_to_do(crm: Crm, active: dict[str, Any]) -> None:
    own = active["ExternalReference"]
    change(crm, own, EndDate=day(30))

    assert change(crm, own, EndDate=day(30)).succeeded

    assert effects(crm) == ["changed", "none"]


def test_a_withdrawn_contract_ends_where_it_begins_and_frees_its_place(
    crm: Crm, active: dict[str, Any]
) -> None:
    own, start = active["ExternalReference"], active["StartDate"]
    assert change(crm, own, ChangeReasonCode="WITHDRAWAL", EndDate=start).succeeded

    again = active | {"ExternalReference": new_uuid()}
    assert crm.send("UtilitiesContractERPCreateRequest", UtilitiesContract=again).succeeded


def test_a_move_out_carries_the_forwarding_address_and_readings(
    crm: Crm, active: dict[str, Any]
) -> None:
    answer = change(
        crm,
        active["ExternalReference"],
        ChangeReasonCode="MOVE_OUT",
        EndDate=day(30),
        MoveOut={
            "ForwardingAddress": {
                "StreetName": "Mill Lane",
                "PostalCode": "LS1 4AP",
                "CityName": "Leeds",
                "CountryCode": "GB",
            },
            "PaymentMethodCode": "TRANSFER",
            "EstimateIndicator": False,
            "RegisterReading": [{"RegisterID": "001", "Value": 1300}],
        },
    )

    assert answer.succeeded


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ExternalReference": new_uuid()}, "CONTRACT_UNKNOWN"),
        ({"EndDate": day(-400)}, "END_BEFORE_START"),
        ({"ProductCode": "X"}, "MDT_MISSING"),
        ({"ContractAccount": {"ExternalReference": new_uuid()}}, None),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    crm: Crm, active: dict[str, Any], facts: dict[str, Any], code: str | None
) -> None:
    answer = change(crm, active["ExternalReference"], **{"EndDate": day(30), **facts})

    if code is None:
        assert "CA_MISSING" in answer.codes
    else:
        assert code in answer.codes
    assert not answer.succeeded


def test_a_billed_period_is_not_cut_and_its_end_not_undone(crm: Crm) -> None:
    billed = _of_the_book(crm, lambda row: row.get("BilledUntilDate") and not row.get("EndDate"))
    until = dt.date.fromisoformat(billed["BilledUntilDate"])
    key = {"UtilitiesContractID": billed["UtilitiesContractID"]}
    own = new_uuid()

    refused = change(crm, own, EndDate=until - dt.timedelta(days=1), **key)
    assert "END_BILLED" in refused.codes

    assert change(crm, own, EndDate=until, **key).succeeded
    late = change(crm, own, ChangeReasonCode="UNDO", **key)
    assert "UNDO_TOO_LATE" in late.codes
    ended = change(crm, own, EndDate=until + dt.timedelta(days=1), **key)
    assert ("CONTRACT_ENDED" in ended.codes) == (until <= day(0))


def test_a_lock_of_a_clerk_waits_for_a_person(crm: Crm, active: dict[str, Any]) -> None:
    crm.erp.control("POST", "faults", {"kind": "lock_contract", "times": 1})

    answer = change(crm, active["ExternalReference"], EndDate=day(30))

    [item] = [one for one in answer.items if one["TypeID"] == "CONTRACT_LOCKED"]
    assert item["SeverityCode"] == "3"


def _of_the_book(crm: Crm, fits: Any) -> dict[str, Any]:
    page = crm.call("ReplicationObjectERPByKeyQuery", ObjectTypeCode="CONTRACT", MaximumNumber=500)
    from zeep.helpers import serialize_object  # noqa: PLC0415, TID251

    rows = serialize_object(page, dict)["UtilitiesContract"]
    found = next(row for row in rows if fits(row))
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in found.items()
    }
