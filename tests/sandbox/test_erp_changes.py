"""The change log of the sandbox ERP, its back office, and the digests of its objects."""

from __future__ import annotations

from typing import Any

from tests.sandbox import messages
from tests.sandbox.messages import Crm
from tests.sandbox.process import SandboxErp


def _contract_of(crm: Crm, partner: str) -> str:
    page = crm.call("ReplicationObjectERPByKeyQuery", ObjectTypeCode="CONTRACT", MaximumNumber=2000)
    return str(
        next(
            one["UtilitiesContractID"]
            for one in page["UtilitiesContract"]
            if one["BusinessPartnerID"] == partner and one["StatusCode"] == "ACTIVE"
        )
    )


def _end(erp: SandboxErp) -> int:
    log = erp.control("GET", "changes?client=unified")
    return log[-1]["seq"] if log else 0


def _changes(crm: Crm, after: int, size: int = 100) -> Any:
    return crm.call("ReplicationObjectERPChangesQuery", FromSequence=after, MaximumNumber=size)


def _office(erp: SandboxErp, **wish: Any) -> Any:
    return erp.control("POST", "office", {"client": "unified", "clerk": "M. Weber", **wish})


def test_a_clerks_change_is_told_with_name_version_and_the_object_as_it_is_now(
    crm: Crm, erp: SandboxErp
) -> None:
    number = _contract_of(crm, erp.person("twin_a")["business_partner"])
    start = _end(erp)

    _office(erp, action="end_date", contract=number, end_date="2027-01-31")
    _office(erp, action="end_date", contract=number, end_date="2027-02-28")
    found = _changes(crm, start)

    (change,) = found["Change"]
    assert change["ObjectTypeCode"] == "CONTRACT"
    assert change["ObjectKey"] == number
    assert change["ChangedBy"] == "M. Weber"
    assert str(change["UtilitiesContract"]["EndDate"]) == "2027-02-28"
    assert found["NextSequence"] == found["LastSequence"] == start + 2
    again = _changes(crm, start, 1)["Change"][0]
    assert again["Version"] == change["Version"] - 1


def test_a_change_that_changes_nothing_is_not_told(crm: Crm, erp: SandboxErp) -> None:
    partner = erp.person("twin_a")["business_partner"]
    _office(erp, action="partner", partner=partner, last_name="Byron")
    start = _end(erp)

    _office(erp, action="partner", partner=partner, last_name="Byron")

    assert _changes(crm, start)["Change"] in (None, [])


def test_what_came_by_message_is_told_under_the_interfaces_own_name(
    crm: Crm, erp: SandboxErp
) -> None:
    start = _end(erp)

    crm.send("BusinessPartnerERPCreateRequest", BusinessPartner=messages.partner())

    (change,) = _changes(crm, start)["Change"]
    assert (change["ObjectTypeCode"], change["ChangedBy"]) == ("BUSINESS_PARTNER", "RFC_CRM")


def test_a_reset_goes_on_with_the_log_and_tells_what_is_as_before(
    crm: Crm, erp: SandboxErp
) -> None:
    person = erp.person("twin_a")
    _office(erp, action="partner", partner=person["business_partner"], last_name="Byron")
    start = _end(erp)

    erp.control("POST", "reset", {})

    told = {one["ObjectKey"]: one for one in _changes(crm, start, 2000)["Change"]}
    partner = told[person["business_partner"]]
    assert partner["BusinessPartner"]["LastName"] == "Whitcombe"
    assert partner["ChangedBy"] == "BATCH"


def test_a_deleted_object_is_told_without_its_element(crm: Crm, erp: SandboxErp) -> None:
    number = _contract_of(crm, erp.person("twin_a")["business_partner"])
    start = _end(erp)

    _office(erp, action="delete", object="CONTRACT", key=number)

    (change,) = _changes(crm, start)["Change"]
    assert change["DeletedIndicator"] is True
    assert change["UtilitiesContract"] is None


def test_only_the_digest_of_the_part_that_changed_is_another_one(crm: Crm, erp: SandboxErp) -> None:
    number = _contract_of(crm, erp.person("twin_a")["business_partner"])

    def parts() -> list[str]:
        page = crm.call(
            "ReplicationObjectERPDigestsQuery", ObjectTypeCode="CONTRACT", MaximumNumber=20000
        )
        (found,) = [one for one in page["Digest"] if one["ObjectKey"] == number]
        return str(found["Part"]).split()

    before = parts()
    _office(erp, action="product", contract=number, product="EL-RES-GREEN")
    after = parts()

    assert [one == other for one, other in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
    ]


def test_objects_are_given_by_their_keys(crm: Crm, erp: SandboxErp) -> None:
    partner = erp.person("twin_a")["business_partner"]

    found = crm.call(
        "ReplicationObjectERPByKeysQuery",
        ObjectTypeCode="BUSINESS_PARTNER",
        ObjectKey=[partner, "1999999999"],
    )

    assert [one["BusinessPartnerID"] for one in found["BusinessPartner"]] == [partner]


def test_a_wish_without_a_name_or_for_nothing_is_refused(erp: SandboxErp) -> None:
    nobody = erp.control("POST", "office", {"client": "unified", "action": "end_date"})
    nothing = _office(erp, action="end_date", contract="6999999999", end_date="2027-01-01")

    assert "clerk" in nobody["error"]
    assert "no contract" in nothing["error"]
