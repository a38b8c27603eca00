"""Messages to the sandbox ERP, as short as the contract allows, and what it sends back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from lxml import etree

from sandbox.erp import soap
from tests.sandbox.process import Letterbox, SandboxErp, wait_for

ADDRESS = {
    "StreetName": "High Street",
    "HouseID": "1",
    "PostalCode": "LS1 4AP",
    "CityName": "Leeds",
    "CountryCode": "GB",
}


def new_uuid() -> str:
    return str(uuid4())


def header(uuid: str | None = None) -> dict[str, Any]:
    return {
        "ID": "1",
        "UUID": uuid or new_uuid(),
        "CreationDateTime": dt.datetime.now(dt.UTC),
        "SenderBusinessSystemID": "CRM_unified",
        "RecipientBusinessSystemID": "ERP_unified",
    }


def partner(**changes: Any) -> dict[str, Any]:
    return {
        "ExternalReference": new_uuid(),
        "CategoryCode": "PERSON",
        "SegmentCode": "RESIDENTIAL",
        "FirstName": "Ada",
        "LastName": "Byron",
        "LanguageCode": "en",
        "Address": ADDRESS,
    } | changes


def account(of: str, **changes: Any) -> dict[str, Any]:
    return {
        "ExternalReference": new_uuid(),
        "BusinessPartner": {"ExternalReference": of},
        "PaymentMethodCode": "TRANSFER",
        "InvoiceDeliveryCode": "EMAIL",
        "LanguageCode": "en",
        "BudgetBillingIndicator": False,
        "DefaultIndicator": True,
    } | changes


def connection_object(**changes: Any) -> dict[str, Any]:
    return {"ExternalReference": new_uuid(), "Address": ADDRESS} | changes


def point_of_delivery(at: str, **changes: Any) -> dict[str, Any]:
    return {
        "ExternalReference": new_uuid(),
        "ConnectionObject": {"ExternalReference": at},
        "Premise": {"ExternalReference": new_uuid(), "CategoryCode": "HOUSEHOLD"},
        "ExternalID": "2000052180112",
        "SchemeCode": "MPAN",
        "DivisionCode": "ELECTRICITY",
        "ValidFrom": dt.date(2026, 1, 1),
    } | changes


def register(
    number: str = "001", *, reading: str | None = "1200", **changes: Any
) -> dict[str, Any]:
    today = dt.datetime.now(dt.UTC).date()
    return {
        "RegisterID": "001",
        "RateTypeCode": "ALL_DAY",
        "UnitCode": "KWH",
        "Digits": 5,
        "Decimals": 0,
        "Factor": Decimal(1),
        "Reading": {"Date": today, "Value": Decimal(reading)} if reading else None,
    } | changes


def contract(*, of: str, paid_by: str, at: str, **changes: Any) -> dict[str, Any]:
    """References are the CRM's UUIDs."""
    return {
        "ExternalReference": new_uuid(),
        "RoleCode": "SUPPLY",
        "BusinessPartner": {"ExternalReference": of},
        "ContractAccount": {"ExternalReference": paid_by},
        "PointOfDelivery": {"ExternalReference": at},
        "DivisionCode": "ELECTRICITY",
        "ProductCode": "EL-RES-FIX",
        "MasterDataTemplateCode": "MDT-EL-RES",
        "StartDate": dt.datetime.now(dt.UTC).date() + dt.timedelta(days=5),
        "MoveInIndicator": True,
        "CurrencyCode": "GBP",
        "Price": [
            {"ComponentCode": "ENERGY", "RateTypeCode": "ALL_DAY", "Amount": Decimal("0.231")}
        ],
        "Device": {"SerialNumber": "E21Z7", "RateCode": "SINGLE", "Register": [register()]},
    } | changes


class Answer:
    """A message that the ERP sent, already checked against the XSD."""

    def __init__(self, body: etree._Element) -> None:
        soap.validate(body)
        self.kind = soap.local_name(body)
        self.content = soap.to_dict(body)
        self.header = self.content["MessageHeader"]
        log = body.find(f"{{{soap.NAMESPACE}}}Log")
        assert log is not None
        items = log.findall(f"{{{soap.NAMESPACE}}}Item")
        self.items = [soap.to_dict(item) for item in items]
        self.codes = [item["TypeID"] for item in self.items]
        self.succeeded = self.content["Log"]["BusinessDocumentProcessingResultCode"] == "3"


class Crm:
    """What a CRM does, without a memory."""

    def __init__(self, client: Any, erp: SandboxErp, letterbox: Letterbox) -> None:
        self.client = client
        self.erp = erp
        self.letterbox = letterbox

    def call(self, operation: str, *, at: str = "unified", **content: Any) -> Any:
        binding = "{urn:utilcrm:erp}ErpServiceBinding"
        service = self.client.create_service(binding, self.erp.url(at))
        content.setdefault("MessageHeader", header())
        return service[operation](**content)

    def answers(self) -> list[Answer]:
        return [Answer(soap.read_body(request.body)) for request in self.letterbox.received]

    def answers_to(self, uuid: str, count: int = 1, *, seconds: float = 10) -> list[Answer]:
        def look() -> list[Answer]:
            found = [one for one in self.answers() if one.header["ReferenceUUID"] == uuid]
            return found if len(found) >= count else []

        return wait_for(look, seconds=seconds)

    def send(self, operation: str, uuid: str | None = None, **content: Any) -> Answer:
        """Send a one-way request and return its confirmation."""
        uuid = uuid or new_uuid()
        before = len(self.letterbox.received)
        assert self.call(operation, MessageHeader=header(uuid), **content) is None
        wait_for(lambda: len(self.letterbox.received) > before)
        return next(
            one
            for one in self.answers()[before:]
            if one.header["ReferenceUUID"] == uuid and one.kind.endswith("Confirmation")
        )

    def prepared(self, **changes: Any) -> dict[str, Any]:
        """Create all that a contract needs; return the contract to be sent."""
        who, where = partner(), connection_object()
        paid_by = account(who["ExternalReference"])
        at = point_of_delivery(where["ExternalReference"])
        self.send("BusinessPartnerERPCreateRequest", BusinessPartner=who)
        self.send("ContractAccountERPCreateRequest", ContractAccount=paid_by)
        self.send("ConnectionObjectERPCreateRequest", ConnectionObject=where)
        self.send("PointOfDeliveryERPCreateRequest", PointOfDelivery=at)
        return contract(
            of=who["ExternalReference"],
            paid_by=paid_by["ExternalReference"],
            at=at["ExternalReference"],
            **changes,
        )

    def simulate(self, wanted: dict[str, Any], **others: Any) -> list[str]:
        """Return the codes that a contract would be confirmed with."""
        response = self.call(
            "UtilitiesContractERPSimulationQuery", UtilitiesContract=wanted, **others
        )
        return [item.TypeID for item in response.Log.Item]
