"""What the ERP answers at once: pages of the book, money, itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from http.client import HTTPConnection
from itertools import pairwise

import pytest

from sandbox.erp.financials import bills, statement
from sandbox.erp.replication import SOURCES
from tests.sandbox.messages import Crm, partner


@pytest.mark.parametrize("object_type", SOURCES)
def test_pages_hold_each_object_once_in_order_of_its_key(crm: Crm, object_type: str) -> None:
    key_name = {
        "BUSINESS_PARTNER": "BusinessPartnerID",
        "CONTRACT_ACCOUNT": "ContractAccountID",
        "CONNECTION_OBJECT": "ConnectionObjectID",
        "PREMISE": "PremiseID",
        "POINT_OF_DELIVERY": "PointOfDeliveryID",
        "DEVICE_INFO_RECORD": "DeviceInfoRecordID",
        "INSTALLATION": "InstallationID",
        "DEVICE": "DeviceID",
        "CONTRACT": "UtilitiesContractID",
        "FINANCIAL": "ContractAccountID",
    }[object_type]
    keys: list[str] = []
    next_key, total = None, 0
    for _page in range(100):
        page = crm.call(
            "ReplicationObjectERPByKeyQuery",
            ObjectTypeCode=object_type,
            FromKey=next_key,
            MaximumNumber=17,
        )
        keys += [getattr(entry, key_name) for entry in page[SOURCES[object_type][1]]]
        next_key, total = page.NextKey, page.TotalNumber
        if next_key is None:
            break

    assert keys == sorted(set(keys))
    assert len(keys) == total
    assert bool(keys) == (object_type not in {"DEVICE", "INSTALLATION"})


def test_a_client_with_devices_replicates_devices(crm: Crm) -> None:
    numbers = {
        object_type: crm.call(
            "ReplicationObjectERPByKeyQuery",
            at="havn",
            ObjectTypeCode=object_type,
            MaximumNumber=1,
        ).TotalNumber
        for object_type in ("INSTALLATION", "DEVICE", "DEVICE_INFO_RECORD")
    }

    assert numbers["INSTALLATION"] > 60
    assert numbers["DEVICE"] > 60
    assert numbers["DEVICE_INFO_RECORD"] == 0


def test_an_object_that_the_crm_made_is_replicated_with_its_reference(crm: Crm) -> None:
    who = partner()
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)

    page = crm.call(
        "ReplicationObjectERPByKeyQuery", ObjectTypeCode="BUSINESS_PARTNER", MaximumNumber=2000
    )

    assert page.BusinessPartner[-1].ExternalReference == who["ExternalReference"]


def test_a_customer_at_dunning_level_two_owes_two_bills(crm: Crm) -> None:
    number = crm.erp.person("dunning_2")["contract_account"]

    money = crm.call("ContractAccountERPFinancialByIDQuery", ContractAccountID=number).Financial

    overdue = [bill for bill in money.Invoice if bill.StatusCode == "OVERDUE"]
    assert len(money.Invoice) == 12
    assert len(overdue) == money.DunningLevel == len(money.DunningNotice) == 2
    assert money.OverdueAmount == sum(bill.AmountRemaining for bill in overdue)
    assert money.Balance == sum(item.Amount for item in money.OpenItem)
    assert (dt.datetime.now(dt.UTC) - money.AsOfDateTime).total_seconds() < 10


def test_an_unknown_account_has_no_money_and_a_finding(crm: Crm) -> None:
    answer = crm.call("ContractAccountERPFinancialByIDQuery", ContractAccountID="299999999999")

    assert answer.Financial is None
    assert [item.TypeID for item in answer.Log.Item] == ["NOT_FOUND"]


def test_the_system_says_how_it_is_customised(crm: Crm) -> None:
    found = {
        code: crm.call("SystemInformationERPQuery", at=code)
        for code in ("unified", "nordlicht", "ribera", "havn")
    }

    assert {
        code: (one.CountryCode, one.CurrencyCode, one.ContractModelCode, one.DeviceModeCode)
        for code, one in found.items()
    } == {
        "unified": ("GB", "GBP", "SINGLE", "INFO_RECORD"),
        "nordlicht": ("DE", "EUR", "DUAL", "INFO_RECORD"),
        "ribera": ("ES", "EUR", "SINGLE", "DEVICE"),
        "havn": ("DK", "DKK", "DUAL", "DEVICE"),
    }


@pytest.mark.parametrize("day", [dt.date(2026, 3, 1), dt.date(2026, 12, 31), dt.date(2028, 2, 29)])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_bills_follow_the_calendar_and_add_up(day: dt.date, level: int) -> None:
    account = {
        "id": "200000000042",
        "bp_id": "1000000042",
        "monthly_base": 8_000,
        "billed_since": "2019-05-17",
        "unpaid_bills": level,
        "dunning_level": level,
        "credit_score": 50,
        "budget_billing": 0,
        "dunning_procedure": "DUN-RES",
    }

    listed = bills(account, day)
    money = statement(account, "GBP", day)

    assert len(listed) == 12
    for earlier, later in pairwise(listed):
        assert earlier["PeriodEndDate"] == later["PeriodStartDate"]
    assert listed[-1]["InvoiceDate"] <= day
    assert all(b["AmountPaid"] + b["AmountRemaining"] == b["AmountDue"] for b in listed)
    assert [b["StatusCode"] for b in listed].count("OVERDUE") == level == money["DunningLevel"]
    assert money["Balance"] >= money["OverdueAmount"] >= Decimal(level > 0)
    assert all(notice["IssueDate"] <= day for notice in money["DunningNotice"])


def test_a_customer_of_last_month_has_one_bill() -> None:
    account = {
        "id": "200000000042",
        "monthly_base": 8_000,
        "billed_since": "2026-10-12",
        "unpaid_bills": 0,
        "budget_billing": 1,
    }

    (bill,) = bills(account, dt.date(2026, 11, 23))

    assert bill["PeriodStartDate"] == dt.date(2026, 10, 12)


def test_a_person_sees_traffic_and_customers_at_the_root(crm: Crm) -> None:
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=partner())
    connection = HTTPConnection("127.0.0.1", crm.erp.port, timeout=10)
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    connection.close()

    assert "BusinessPartnerERPCreateRequest" in page
    assert "Margaret Ashworth" in page
