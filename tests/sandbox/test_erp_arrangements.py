"""What the sandbox ERP takes and refuses of deferrals and plans of instalments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandbox.erp.book.generate import generate
from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import CLIENTS
from sandbox.erp.financials import statement
from sandbox.erp.handlers.arrangements import create_payment_arrangement
from sandbox.erp.office import Office
from sandbox.faults import Faults

TODAY = dt.date(2026, 11, 23)
IN_TWO_WEEKS = (TODAY + dt.timedelta(days=14)).isoformat()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    store = Store(tmp_path / "book.sqlite")
    generate(store, CLIENTS["unified"], customers=20, today=TODAY)
    account = store.one("SELECT * FROM contract_account WHERE monthly_base > 0 ORDER BY id")
    assert account is not None
    store.update("contract_account", account["id"], unpaid_bills=2, dunning_level=1)
    return Office(CLIENTS["unified"], store, Faults(set()), lambda: TODAY)


def owing(office: Office) -> Row:
    found = office.store.one("SELECT * FROM contract_account WHERE unpaid_bills = 2 ORDER BY id")
    assert found is not None
    return found


def told(office: Office) -> dict[str, Any]:
    return statement(owing(office), "GBP", TODAY)


def wish(office: Office, **facts: Any) -> dict[str, Any]:
    late = [item for item in told(office)["OpenItem"] if item["DueDate"] < TODAY]
    whole = sum((item["Amount"] for item in late), Decimal(0))
    return {
        "ExternalReference": "00000000-0000-4000-8000-000000000003",
        "ContractAccount": {"InternalID": owing(office)["id"]},
        "TypeCode": "DEFERRAL",
        "CurrencyCode": "GBP",
        "DocumentID": [item["DocumentID"] for item in late],
        "Part": [{"DueDate": IN_TWO_WEEKS, "Amount": str(whole)}],
        **facts,
    }


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"CurrencyCode": "XTS"}, "CURRENCY_MISMATCH"),
        ({"DocumentID": ["800000000000"]}, "ITEM_NOT_OPEN"),
        ({"Part": [{"DueDate": IN_TWO_WEEKS, "Amount": "1.00"}]}, "AMOUNT_MISMATCH"),
        ({"TypeCode": "INSTALMENT_PLAN"}, "WRONG_NUMBER_OF_PARTS"),
        ({"ContractAccount": {"InternalID": "299999999999"}}, "OBJECT_MISSING"),
        ({}, ""),
    ],
)
def test_what_does_not_add_up_is_refused_and_changes_nothing(
    office: Office, facts: dict[str, Any], code: str
) -> None:
    before = told(office)["OpenItem"]

    outcome = create_payment_arrangement(office, wish(office, **facts))

    assert [one["TypeID"] for one in outcome.findings] == ([code] if code else [])
    assert (told(office)["OpenItem"] == before) is bool(code)


def test_nothing_is_arranged_once_the_final_notice_is_out(office: Office) -> None:
    office.store.update("contract_account", owing(office)["id"], dunning_level=3)

    outcome = create_payment_arrangement(office, wish(office))

    assert [one["TypeID"] for one in outcome.findings] == ["DUNNED_TOO_FAR"]


def test_what_is_deferred_is_owed_but_not_overdue_and_is_not_arranged_twice(
    office: Office,
) -> None:
    before, wanted = told(office), wish(office)
    assert before["OverdueAmount"] > 0

    create_payment_arrangement(office, wanted)

    now = told(office)
    assert (now["Balance"], now["OverdueAmount"]) == (before["Balance"], 0)
    assert now["DunningLevel"] == 0
    again = create_payment_arrangement(office, wanted)
    assert [one["TypeID"] for one in again.findings] == ["ITEM_NOT_OPEN"]


TOMORROW = (TODAY + dt.timedelta(days=1)).isoformat()


def debit(office: Office, day: str = TOMORROW) -> dict[str, Any]:
    wanted = wish(office, TypeCode="DIRECT_DEBIT")
    return wanted | {"Part": [wanted["Part"][0] | {"DueDate": day}]}


def test_what_is_debited_is_due_then_and_paid_the_day_after(office: Office) -> None:
    known = owing(office)
    office.store.update("contract_account", known["id"], dunning_level=3, iban="GB29", **BY_DEBIT)
    wanted = debit(office)

    outcome = create_payment_arrangement(office, wanted)

    assert outcome.findings == []
    assert told(office)["OverdueAmount"] == 0
    assert owing(office)["arrangements"][0]["debited"] == "GB29"
    after = statement(owing(office), "GBP", TODAY + dt.timedelta(days=2))
    assert after["Balance"] == told(office)["Balance"] - Decimal(wanted["Part"][0]["Amount"])
    paid = [one for one in after["Invoice"] if f"80{one['InvoiceID'][2:]}" in wanted["DocumentID"]]
    assert {one["StatusCode"] for one in paid} == {"PAID"}


BY_DEBIT = {"payment_method": "DIRECT_DEBIT"}


@pytest.mark.parametrize(
    ("facts", "day", "code"),
    [
        ({"iban": None, **BY_DEBIT}, TOMORROW, "NO_BANK_ACCOUNT"),
        ({"iban": "GB29", "payment_method": "TRANSFER"}, TOMORROW, "NO_BANK_ACCOUNT"),
        ({"iban": "GB29", **BY_DEBIT}, TODAY.isoformat(), "DEBIT_DATE"),
        ({"iban": "GB29", **BY_DEBIT}, "2026-12-24", "DEBIT_DATE"),
    ],
)
def test_nothing_is_debited_without_an_account_or_on_an_odd_day(
    office: Office, facts: dict[str, Any], day: str, code: str
) -> None:
    office.store.update("contract_account", owing(office)["id"], **facts)

    outcome = create_payment_arrangement(office, debit(office, day))

    assert [one["TypeID"] for one in outcome.findings] == [code]
    assert not owing(office)["arrangements"]
