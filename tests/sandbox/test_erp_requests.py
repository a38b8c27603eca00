"""One-way requests: received, processed in the background, confirmed by a message of their own."""

from __future__ import annotations

import pytest
from zeep.exceptions import Fault  # noqa: TID251 - what the CRM's own client will see

from sandbox.erp import soap
from tests.sandbox.messages import (
    Crm,
    account,
    connection_object,
    header,
    new_uuid,
    partner,
    point_of_delivery,
)
from tests.sandbox.process import SandboxErp, wait_for

STEPS = [
    "PRICES", "INSTALLATION", "LOAD_PROFILE", "OPERANDS", "DEVICE_INFO_RECORD", "MOVE_IN",
    "CONTRACT",
]  # fmt: skip


def test_a_partner_is_confirmed_with_a_number_of_ten_digits(crm: Crm) -> None:
    answer = crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=partner())

    assert answer.kind == "BusinessPartnerERPCreateConfirmation"
    assert answer.succeeded
    number = answer.content["ConfirmedObject"]["InternalID"]
    assert len(number) == 10
    assert number.isdecimal()


def test_the_confirmation_goes_to_the_host_of_the_tenant_with_credentials(crm: Crm) -> None:
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=partner())

    request = crm.letterbox.received[0]
    assert request.path == "/soap/erp/"
    assert request.headers["host"] == f"unified.localhost:{crm.letterbox.server.port}"
    assert request.credentials == ("crm", "crm-secret")


def test_a_contract_goes_through_all_steps_in_order(crm: Crm) -> None:
    wanted = crm.prepared()
    uuid = new_uuid()

    crm.call(
        "UtilitiesContractERPCreateRequest", MessageHeader=header(uuid), UtilitiesContract=wanted
    )
    confirmation, *steps = crm.answers_to(uuid, count=8)

    assert confirmation.kind == "UtilitiesContractERPCreateConfirmation"
    assert confirmation.succeeded
    assert [step.content["Step"]["StepCode"] for step in steps] == STEPS
    assert [int(step.content["Step"]["SequenceNumber"]) for step in steps] == [*range(1, 8)]
    assert steps[-1].content["OverallStatusCode"] == "COMPLETED"
    made = steps[-1].content["UtilitiesContract"]
    assert made["InternalID"] == confirmation.content["ConfirmedObject"]["InternalID"]
    assert {len(made[name]) for name in ("InstallationID", "DeviceInfoRecordID")} == {10}
    assert len(made["MoveInDocumentID"]) == 12


def test_the_status_tells_what_became_of_a_message(crm: Crm) -> None:
    wanted = crm.prepared()
    uuid = new_uuid()
    before = crm.call("BusinessDocumentStatusERPByUUIDQuery", UUID=uuid)
    crm.call(
        "UtilitiesContractERPCreateRequest", MessageHeader=header(uuid), UtilitiesContract=wanted
    )
    crm.answers_to(uuid, count=8)
    after = crm.call("BusinessDocumentStatusERPByUUIDQuery", UUID=uuid)

    assert before.StateCode == "NOT_FOUND"
    assert (after.StateCode, after.OverallStatusCode) == ("SUCCEEDED", "COMPLETED")
    assert [step.StepCode for step in after.Step] == STEPS
    assert after.ConfirmedObject.InstallationID


def test_the_status_finds_an_object_whose_message_is_unknown(crm: Crm) -> None:
    who = partner()
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)

    found = crm.call(
        "BusinessDocumentStatusERPByUUIDQuery",
        UUID=new_uuid(),
        ExternalReference=who["ExternalReference"],
    )

    assert found.StateCode == "SUCCEEDED"
    assert found.ConfirmedObject.ObjectTypeCode == "BUSINESS_PARTNER"


def test_the_same_message_twice_has_one_effect_and_the_same_confirmation(crm: Crm) -> None:
    who, uuid = partner(), new_uuid()
    first = crm.send("BusinessPartnerERPCreateRequest", uuid, BusinessPartner=who)
    second = crm.send("BusinessPartnerERPCreateRequest", uuid, BusinessPartner=who)

    assert second.content == first.content
    assert [entry["effect"] for entry in crm.erp.ledger()] == ["created"]


def test_the_same_uuid_with_another_payload_is_a_fault(crm: Crm) -> None:
    uuid = new_uuid()
    crm.send("BusinessPartnerERPCreateRequest", uuid, BusinessPartner=partner())

    with pytest.raises(Fault) as caught:
        crm.call(
            "BusinessPartnerERPCreateRequest",
            MessageHeader=header(uuid),
            BusinessPartner=partner(),
        )

    assert fault_code(caught.value) == "PAYLOAD_MISMATCH"


def test_another_message_for_the_same_object_returns_the_existing_number(crm: Crm) -> None:
    who = partner()
    first = crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)
    second = crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)

    assert second.succeeded
    assert second.codes == ["ALREADY_EXISTS"]
    assert second.content["ConfirmedObject"] == first.content["ConfirmedObject"]


def test_a_request_that_failed_is_processed_anew_when_it_comes_again(crm: Crm) -> None:
    who = partner()
    paid_by = account(who["ExternalReference"])
    uuid = new_uuid()

    early = crm.send("ContractAccountERPCreateRequest", uuid, ContractAccount=paid_by)
    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)
    late = crm.send("ContractAccountERPCreateRequest", uuid, ContractAccount=paid_by)

    assert early.codes == ["BP_MISSING"]
    assert not early.succeeded
    assert late.succeeded
    assert late.header["UUID"] != early.header["UUID"]


def test_a_change_replaces_the_data_of_a_partner_of_the_book(crm: Crm) -> None:
    number = crm.erp.person("two_phones")["business_partner"]
    changed = partner(BusinessPartnerID=number, LastName="Ashworth-Lee")

    answer = crm.send("BusinessPartnerERPChangeRequest", BusinessPartner=changed)
    page = crm.call(
        "ReplicationObjectERPByKeyQuery", ObjectTypeCode="BUSINESS_PARTNER", MaximumNumber=1
    )

    assert answer.content["ConfirmedObject"]["InternalID"] == number
    assert page.BusinessPartner[0].LastName == "Ashworth-Lee"
    assert page.BusinessPartner[0].ExternalReference == changed["ExternalReference"]


def test_two_points_of_delivery_share_a_premise(crm: Crm) -> None:
    where = connection_object()
    power = point_of_delivery(where["ExternalReference"])
    gas = point_of_delivery(
        where["ExternalReference"],
        Premise=power["Premise"],
        ExternalID="3512466807",
        SchemeCode="MPRN",
        DivisionCode="GAS",
    )

    crm.send("ConnectionObjectERPCreateRequest", ConnectionObject=where)
    answers = [
        crm.send("PointOfDeliveryERPCreateRequest", PointOfDelivery=point) for point in (power, gas)
    ]

    first, second = (answer.content["ConfirmedObject"] for answer in answers)
    assert first["PremiseID"] == second["PremiseID"]
    assert first["InternalID"] != second["InternalID"]


def test_a_client_with_devices_makes_no_info_record(crm: Crm) -> None:
    who = crm.erp.person("two_phones", "ribera")
    start = crm.call(
        "ReplicationObjectERPByKeyQuery", at="ribera", ObjectTypeCode="CONTRACT", MaximumNumber=2000
    )
    ended = next(one for one in start.UtilitiesContract if one.EndDate)
    wanted = {
        "ExternalReference": new_uuid(),
        "RoleCode": "SUPPLY",
        "BusinessPartner": {"InternalID": who["business_partner"]},
        "ContractAccount": {"InternalID": who["contract_account"]},
        "PointOfDelivery": {"InternalID": ended.PointOfDeliveryID},
        "DivisionCode": "ELECTRICITY",
        "ProductCode": "EL-RES-FIX",
        "MasterDataTemplateCode": "MDT-EL-RES",
        "StartDate": header()["CreationDateTime"].date(),
        "MoveInIndicator": True,
        "CurrencyCode": "EUR",
        "Price": [{"ComponentCode": "ENERGY", "RateTypeCode": "ALL_DAY", "Amount": "0.2"}],
    }
    uuid = new_uuid()

    crm.call(
        "UtilitiesContractERPCreateRequest",
        at="ribera",
        MessageHeader=header(uuid),
        UtilitiesContract=wanted,
    )
    _confirmation, *steps = crm.answers_to(uuid, count=7)

    assert [step.content["Step"]["StepCode"] for step in steps] == [
        code for code in STEPS if code != "DEVICE_INFO_RECORD"
    ]
    assert crm.letterbox.received[0].headers["host"].startswith("ribera.localhost")


def test_a_killed_erp_has_forgotten_nothing_and_finishes_its_work(
    erp: SandboxErp, crm: Crm
) -> None:
    wanted = crm.prepared()
    erp.control("POST", "settings", {"step_delay": 0.3})
    uuid = new_uuid()
    crm.call(
        "UtilitiesContractERPCreateRequest", MessageHeader=header(uuid), UtilitiesContract=wanted
    )
    crm.answers_to(uuid, count=3)

    erp.kill()
    erp.callback = crm.letterbox.url
    erp.start()

    steps = [one for one in crm.answers_to(uuid, count=8) if "Step" in one.content]
    numbers = {int(step.content["Step"]["SequenceNumber"]) for step in steps}
    assert numbers == set(range(1, 8))
    created = [entry["kind"] for entry in erp.ledger() if entry["effect"] == "created"]
    assert len(created) == len(set(created)) == 5


def test_confirmations_wait_for_a_crm_that_is_away(erp: SandboxErp, crm: Crm) -> None:
    erp.control("POST", "callback", {"callback": "http://127.0.0.1:9"})
    uuid = new_uuid()
    crm.call(
        "BusinessPartnerERPCreateRequest", MessageHeader=header(uuid), BusinessPartner=partner()
    )
    wait_for(lambda: [out for out in erp.control("GET", "outgoing") if out["attempts"]])

    erp.control("POST", "callback", {"callback": crm.letterbox.url})

    assert crm.answers_to(uuid)[0].succeeded


def fault_code(fault: Fault) -> str:
    detail = fault.detail[0]
    return str(detail.findtext(f".//{{{soap.NAMESPACE}}}id"))
