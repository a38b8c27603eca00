"""What the ERP refuses, with the code and the field; the simulation says the same beforehand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from zeep.exceptions import Fault  # noqa: TID251 - what the CRM's own client will see

from tests.sandbox.messages import (
    ADDRESS,
    Crm,
    account,
    connection_object,
    contract,
    new_uuid,
    partner,
    point_of_delivery,
    register,
)
from tests.sandbox.test_erp_requests import fault_code

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"MasterDataTemplateCode": None}, "MDT_MISSING"),
        ({"MasterDataTemplateCode": "MDT-NONE"}, "MDT_UNKNOWN"),
        ({"MasterDataTemplateCode": "MDT-GAS-RES"}, "MDT_DIVISION"),
        ({"DivisionCode": "GAS", "MasterDataTemplateCode": "MDT-GAS-RES"}, "DIVISION_MISMATCH"),
        ({"StartDate": TODAY - dt.timedelta(days=31)}, "START_TOO_EARLY"),
        ({"StartDate": TODAY + dt.timedelta(days=366)}, "START_TOO_LATE"),
        ({"Price": []}, "PRICE_MISSING"),
        ({"Device": None}, "METER_MISSING"),
        (
            {"Device": {"SerialNumber": "1", "RateCode": "DOUBLE", "Register": [register()]}},
            "REGISTER_MISSING",
        ),
        (
            {
                "Device": {
                    "SerialNumber": "1",
                    "RateCode": "SINGLE",
                    "Register": [register(reading=None)],
                }
            },
            "READING_MISSING",
        ),
        (
            {
                "Device": {
                    "SerialNumber": "1",
                    "RateCode": "SINGLE",
                    "Register": [register(reading="123456")],
                }
            },
            "READING_TOO_LONG",
        ),
        ({"BusinessPartner": {"ExternalReference": new_uuid()}}, "BP_MISSING"),
        ({"ContractAccount": {"ExternalReference": new_uuid()}}, "CA_MISSING"),
        ({"PointOfDelivery": {"ExternalReference": new_uuid()}}, "POD_MISSING"),
    ],
)
def test_a_contract_fails_with_a_typed_code_and_was_foretold(
    crm: Crm, changes: dict[str, Any], code: str
) -> None:
    wanted = crm.prepared(**changes)

    foretold = crm.simulate(wanted)
    answer = crm.send("UtilitiesContractERPCreateRequest", UtilitiesContract=wanted)

    assert answer.codes == foretold == [code]
    assert not answer.succeeded
    assert answer.items[0]["FieldName"]
    assert crm.erp.ledger()[-1]["state"] == "FAILED"


def test_a_start_in_a_billed_period_is_refused(crm: Crm) -> None:
    who = crm.erp.person("vacant_above")
    ended = next(one for one in contracts_of(crm, who["business_partner"]) if one.EndDate)
    wanted = contract_at(who, ended.PointOfDeliveryID, ended.EndDate - dt.timedelta(days=1))

    assert {"START_BILLED", "POD_OCCUPIED"} <= set(crm.simulate(wanted))


def test_a_flat_that_stands_empty_can_be_moved_into(crm: Crm) -> None:
    who = crm.erp.person("vacant_above")
    ended = next(one for one in contracts_of(crm, who["business_partner"]) if one.EndDate)

    assert crm.simulate(contract_at(who, ended.PointOfDeliveryID, TODAY)) == []


def test_a_point_of_delivery_with_a_live_contract_is_refused(crm: Crm) -> None:
    who = crm.erp.person("dunning_2")
    live = contracts_of(crm, who["business_partner"])[0]

    codes = crm.simulate(contract_at(who, live.PointOfDeliveryID, TODAY + dt.timedelta(days=3)))

    assert codes == ["POD_OCCUPIED"]


def test_an_account_of_another_partner_is_refused(crm: Crm) -> None:
    who, other = crm.erp.person("vacant_above"), crm.erp.person("twin_a")
    ended = next(one for one in contracts_of(crm, who["business_partner"]) if one.EndDate)
    wanted = contract_at(who, ended.PointOfDeliveryID, TODAY)
    wanted["ContractAccount"] = {"InternalID": other["contract_account"]}

    assert crm.simulate(wanted) == ["CA_WRONG_PARTNER"]


@pytest.mark.parametrize(
    ("iban", "code"),
    [("GB82WEST12345698765432", None), ("GB82WEST12345698765433", "IBAN_INVALID")],
)
def test_an_iban_is_checked(crm: Crm, iban: str, code: str | None) -> None:
    who = partner()
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)
    bank = {"IBAN": iban, "HolderName": "Ada Byron"}
    paid_by = account(who["ExternalReference"], PaymentMethodCode="DIRECT_DEBIT", BankAccount=bank)

    answer = crm.send("ContractAccountERPCreateRequest", ContractAccount=paid_by)

    assert answer.codes == ([code] if code else [])


def test_direct_debit_needs_a_bank_account(crm: Crm) -> None:
    who = partner()
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)
    paid_by = account(who["ExternalReference"], PaymentMethodCode="DIRECT_DEBIT")

    answer = crm.send("ContractAccountERPCreateRequest", ContractAccount=paid_by)

    assert answer.codes == ["IBAN_MISSING"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ExternalID": "2000052180113"}, "POD_ID_INVALID"),
        ({"ConnectionObject": {"ExternalReference": new_uuid()}}, "CO_MISSING"),
    ],
)
def test_a_point_of_delivery_fails_with_a_typed_code(
    crm: Crm, changes: dict[str, Any], code: str
) -> None:
    where = connection_object()
    crm.send("ConnectionObjectERPCreateRequest", ConnectionObject=where)
    point = point_of_delivery(where["ExternalReference"], **changes)

    answer = crm.send("PointOfDeliveryERPCreateRequest", PointOfDelivery=point)

    assert answer.codes == [code]


def test_a_second_point_of_delivery_with_the_same_external_id_is_refused(crm: Crm) -> None:
    taken = crm.erp.person("two_phones")["points_of_delivery"][0]["external_id"]
    where = connection_object()
    crm.send("ConnectionObjectERPCreateRequest", ConnectionObject=where)
    point = point_of_delivery(where["ExternalReference"], ExternalID=taken)

    answer = crm.send("PointOfDeliveryERPCreateRequest", PointOfDelivery=point)

    assert answer.codes == ["POD_DUPLICATE"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"PostalCode": "M1 4AP"}, "PostalCode"),
        ({"CityName": "Nowhere"}, "CityName"),
        ({"StreetName": "Straight Street"}, "StreetName"),
    ],
)
def test_an_address_outside_the_regional_structure_is_a_warning(
    crm: Crm, changes: dict[str, Any], field: str
) -> None:
    where = connection_object(Address=ADDRESS | changes)

    answer = crm.send("ConnectionObjectERPCreateRequest", ConnectionObject=where)

    assert answer.succeeded
    assert [(item["TypeID"], item["SeverityCode"]) for item in answer.items] == [
        ("REGION_UNKNOWN", "2")
    ]
    assert answer.items[0]["FieldName"] == field


def test_the_simulation_of_a_new_customer_needs_nothing_in_the_erp(crm: Crm) -> None:
    who, where = partner(), connection_object()
    paid_by = account(who["ExternalReference"])
    at = point_of_delivery(where["ExternalReference"])
    wanted = contract(
        of=who["ExternalReference"],
        paid_by=paid_by["ExternalReference"],
        at=at["ExternalReference"],
    )

    codes = crm.simulate(
        wanted,
        BusinessPartner=who,
        ContractAccount=paid_by,
        ConnectionObject=where,
        PointOfDelivery=at,
    )

    assert codes == []
    assert crm.simulate(wanted) == ["BP_MISSING", "CA_MISSING", "POD_MISSING"]
    assert crm.erp.ledger() == []


def test_a_body_that_does_not_fit_the_xsd_is_a_fault(crm: Crm) -> None:
    with pytest.raises(Fault) as caught:
        crm.call("BusinessPartnerERPCreateRequest", BusinessPartner=partner(LanguageCode="ENG"))

    assert fault_code(caught.value) == "SCHEMA_INVALID"
    assert "LanguageCode" in caught.value.message


def contracts_of(crm: Crm, number: str) -> list[Any]:
    page = crm.call("ReplicationObjectERPByKeyQuery", ObjectTypeCode="CONTRACT", MaximumNumber=2000)
    return [one for one in page.UtilitiesContract if one.BusinessPartnerID == number]


def contract_at(who: dict[str, Any], point: str, start: dt.date) -> dict[str, Any]:
    wanted = contract(of=new_uuid(), paid_by=new_uuid(), at=new_uuid(), StartDate=start)
    return wanted | {
        "BusinessPartner": {"InternalID": who["business_partner"]},
        "ContractAccount": {"InternalID": who["contract_account"]},
        "PointOfDelivery": {"InternalID": point},
        "ExpectedAnnualConsumption": Decimal(2500),
    }
