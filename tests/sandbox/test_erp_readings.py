"""What the sandbox ERP takes and refuses of readings and instalments, in all four clients."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sandbox.erp.book.generate import generate
from sandbox.erp.book.store import Row, Store
from sandbox.erp.budget import plan_of
from sandbox.erp.clients import CLIENTS
from sandbox.erp.handlers.budget import change_budget_plan
from sandbox.erp.handlers.readings import create_meter_reading
from sandbox.erp.office import Office
from sandbox.faults import Faults

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(params=sorted(CLIENTS), scope="module")
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder: Path = tmp_path_factory.mktemp("book")
    store = Store(folder / "book.sqlite")
    generate(store, CLIENTS[request.param], customers=20, today=TODAY)
    return Office(CLIENTS[request.param], store, Faults(set()), lambda: TODAY)


@pytest.fixture
def meter(office: Office) -> Row:
    """A meter that stands where somebody is supplied, as it was last read."""
    found = office.store.one(
        "SELECT d.* FROM device d JOIN contract c ON c.pod_id = d.pod_id"
        " WHERE d.valid_to IS NULL AND c.end_date IS NULL AND c.billed_until IS NOT NULL"
        " ORDER BY d.id"
    )
    assert found is not None
    return found


def document(meter: Row, value: int, **facts: Any) -> dict[str, Any]:
    result = {
        "RegisterID": facts.pop("register", meter["registers"][0]["RegisterID"]),
        "Value": str(value),
        "RolloverIndicator": facts.pop("rollover", "false"),
        "ToBeCheckedIndicator": "false",
    }
    return {
        "ExternalReference": "00000000-0000-4000-8000-000000000001",
        "PointOfDelivery": {"InternalID": meter["pod_id"]},
        "SerialNumber": meter["serial"],
        "ReadingDate": TODAY.isoformat(),
        "ReasonCode": "INTERIM",
        "ReaderCode": "CUSTOMER",
        "Result": [result],
        **facts,
    }


def last(meter: Row) -> int:
    return int(float(meter["registers"][0]["Reading"]["Value"]))


def test_a_higher_reading_becomes_the_latest_one(office: Office, meter: Row) -> None:
    outcome = create_meter_reading(office, document(meter, last(meter) + 4))

    assert (outcome.effect, outcome.findings) == ("created", [])
    kept = office.find("device", {"InternalID": meter["id"]})
    assert kept is not None
    assert kept["registers"][0]["Reading"]["Value"] == str(last(meter) + 4)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ReadingDate": "2026-11-24"}, "READ_IN_FUTURE"),
        ({"ReadingDate": "2026-10-31"}, "READ_DATE_BILLED"),
        ({"SerialNumber": "NOBODYS"}, "DEVICE_UNKNOWN"),
        ({"register": "099"}, "REGISTER_UNKNOWN"),
        ({"PointOfDelivery": {"InternalID": "0" * 22}}, "POD_MISSING"),
    ],
)
def test_an_impossible_reading_is_refused_and_changes_nothing(
    office: Office, meter: Row, facts: dict[str, Any], code: str
) -> None:
    outcome = create_meter_reading(office, document(meter, last(meter) + 9, **facts))

    assert [one["TypeID"] for one in outcome.findings] == [code]
    assert outcome.effect == "none"


def test_a_lower_reading_needs_a_rollover_or_another_meter(office: Office, meter: Row) -> None:
    refused = create_meter_reading(office, document(meter, 0))
    explained = create_meter_reading(office, document(meter, 0, NewSerialNumber="NEW1"))

    assert [one["TypeID"] for one in refused.findings] == ["VALUE_BELOW_LAST"]
    assert explained.effect == "created"
    rolled = create_meter_reading(office, document(meter, 0, rollover="true"))
    assert rolled.effect == "created"


@pytest.mark.parametrize(
    ("off", "facts", "code"),
    [
        ("most", {}, "AMOUNT_OUT_OF_RANGE"),
        ("step", {}, "AMOUNT_NOT_A_STEP"),
        ("", {"CurrencyCode": "XTS"}, "CURRENCY_MISMATCH"),
        ("", {"ValidFrom": "2026-11-01"}, "INSTALMENT_FIXED"),
        ("", {}, ""),
    ],
)
def test_an_instalment_keeps_to_the_range_the_step_and_the_day(
    office: Office, off: str, facts: dict[str, Any], code: str
) -> None:
    account = office.store.one(
        "SELECT a.* FROM contract_account a JOIN contract c ON c.ca_id = a.id"
        " WHERE c.end_date IS NULL AND c.role = 'SUPPLY' ORDER BY a.id"
    )
    assert account is not None
    plan = plan_of(office, account)
    assert plan is not None
    amount = {"most": plan.most + plan.step, "step": plan.proposed + plan.step / 2}
    wanted = {
        "ExternalReference": "00000000-0000-4000-8000-000000000002",
        "ContractAccount": {"InternalID": account["id"]},
        "Amount": str(amount.get(off, plan.proposed)),
        "CurrencyCode": plan.currency,
        "ValidFrom": plan.next_due.isoformat(),
        **facts,
    }

    outcome = change_budget_plan(office, wanted)

    assert [one["TypeID"] for one in outcome.findings] == ([code] if code else [])
