"""The ERP as this house sees it: commands, questions, and what its answers mean."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from zeep.helpers import serialize_object

from billing_sync.gateway.mapping.values import moment
from billing_sync.gateway.operations import COMMANDS
from billing_sync.gateway.pages import Page, read_page
from billing_sync.models import ErpEndpoint
from utilcrm.db.models import new_uuid
from utilcrm.soap import Endpoint, FailureKind, SoapClient, SoapFailure, client_for

__all__ = [
    "ErpGateway",
    "FailureKind",
    "Finding",
    "NoEndpoint",
    "SoapFailure",
    "Status",
    "SystemInformation",
]

WSDL = Path(__file__).parent / "wsdl" / "ErpService.wsdl"
SCHEMA = Path(__file__).parent / "wsdl" / "erp.xsd"
BINDING = "{urn:utilcrm:erp}ErpServiceBinding"


class NoEndpoint(SoapFailure):
    """The tenant has no active ERP endpoint."""

    def __init__(self) -> None:
        super().__init__(FailureKind.NOT_APPLIED, _("No ERP endpoint is set up."))


@dataclass(frozen=True)
class Finding:
    """One line of the ERP's log: severity 1 information, 2 warning, 3 error, 4 abort."""

    code: str
    severity: int
    field: str
    text: str
    is_retryable: bool = False


@dataclass(frozen=True)
class Step:
    """The state of one step of the contract's set-up in the ERP."""

    sequence: int
    code: str
    position: int
    count: int
    status: str
    at: dt.datetime
    note: str


@dataclass(frozen=True)
class Confirmed:
    """The ERP's ids of what a message was about."""

    external_reference: str
    erp_number: str
    premise_number: str = ""
    installation_number: str = ""
    device_info_record_number: str = ""
    move_in_number: str = ""
    logical_device_number: str = ""


@dataclass(frozen=True)
class Status:
    """What became of a message: NOT_FOUND, IN_PROCESS, SUCCEEDED or FAILED."""

    state: str
    confirmed: Confirmed | None = None
    findings: list[Finding] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    overall: str = ""


@dataclass(frozen=True)
class SystemInformation:
    """Who answered the connection check, and how much it keeps."""

    system: str
    client: str
    release: str
    country: str
    currency: str
    contract_model: str
    device_mode: str
    at: dt.datetime
    numbers: dict[str, int]


class ErpGateway:
    """One tenant's ERP; every method may raise ``SoapFailure`` in one of its four classes."""

    def __init__(self, endpoint: ErpEndpoint, *, client: SoapClient | None = None) -> None:
        self._row = endpoint
        self._lent = client

    @classmethod
    def of_tenant(cls) -> ErpGateway:
        """
        Return the gateway to the active endpoint.

        :raises NoEndpoint: if none is set up
        """
        endpoint = ErpEndpoint.objects.filter(is_active=True).first()
        if endpoint is None:
            raise NoEndpoint
        return cls(endpoint)

    def lent(self) -> ErpGateway:
        """Return a gateway for another thread, while which this thread does not ask the ERP."""
        return ErpGateway(self._row, client=self._client())

    def send(
        self,
        *,
        kind: str,
        message_id: uuid.UUID,
        message: Mapping[str, Any],
        known_sequence: int | None = None,
    ) -> None:
        """
        Hand a command over; returning means received and stored there, nothing more.

        With `known_sequence` the ERP refuses to change an object that one of its own people has
        changed later than that in its change log.
        """
        operation, element = COMMANDS[kind]
        header = self._header(message_id)
        if known_sequence is not None:
            header["KnownChangeSequence"] = known_sequence
        self._client().call(operation, parts={"MessageHeader": header, element: dict(message)})

    def status_of(self, message_id: uuid.UUID, *, external_reference: str = "") -> Status:
        """Ask what became of a command."""
        question: dict[str, Any] = {"UUID": str(message_id)}
        if external_reference:
            question["ExternalReference"] = external_reference
        answer = self._ask("BusinessDocumentStatusERPByUUIDQuery", **question)
        return Status(
            state=answer["StateCode"],
            confirmed=confirmed_of(answer.get("ConfirmedObject")),
            findings=findings_of(answer.get("Log")),
            steps=[step_of(step) for step in answer.get("Step") or ()],
            overall=answer.get("OverallStatusCode") or "",
        )

    def financial(self, agreement_number: str, *, timeout: float) -> Mapping[str, Any] | None:
        """Return the standing of a contract account now; ``None`` if the ERP does not know it."""
        name = "ContractAccountERPFinancialByIDQuery"
        answer = self._ask(name, timeout=timeout, ContractAccountID=agreement_number)
        found: Mapping[str, Any] | None = answer.get("Financial")
        return found

    def bill_items(self, agreement_number: str, bill: str, *, timeout: float) -> list[Any]:
        """Return what a bill consists of; nothing if the ERP does not know the bill."""
        name = "InvoiceItemERPByInvoiceQuery"
        question = {"ContractAccountID": agreement_number, "InvoiceID": bill}
        return list(self._ask(name, timeout=timeout, **question).get("InvoiceItem") or ())

    def budget_plan(self, agreement_number: str, *, timeout: float) -> Mapping[str, Any] | None:
        """Return the instalments of a contract account and what they may be; None: no supply."""
        answer = self._ask(
            "BudgetBillingPlanERPProposalQuery", timeout=timeout, ContractAccountID=agreement_number
        )
        found: Mapping[str, Any] | None = answer.get("BudgetBillingPlan")
        return found

    def simulate(self, *, timeout: float, **objects: Mapping[str, Any]) -> list[Finding]:
        """Return what the ERP would find if the contract were sent now; nothing happens there."""
        answer = self._ask("UtilitiesContractERPSimulationQuery", timeout=timeout, **objects)
        return findings_of(answer.get("Log"))

    def page(self, *, object_type: str, after: str, size: int) -> Page:
        """Return a page of objects in the order of their keys, behind ``after``."""
        envelope = self.page_envelope(object_type=object_type, after=after, size=size)
        return read_page(envelope, object_type=object_type)

    def page_envelope(self, *, object_type: str, after: str, size: int) -> bytes:
        """Return a page as the ERP sent it."""
        question: dict[str, Any] = {"ObjectTypeCode": object_type, "MaximumNumber": size}
        if after:
            question["FromKey"] = after
        return self.answer_bytes("ReplicationObjectERPByKeyQuery", **question)

    def answer_bytes(self, operation: str, **question: Any) -> bytes:
        """Return the answer to a question as the ERP sent it."""
        return self._client().call_for_bytes(
            operation, parts={"MessageHeader": self._header(new_uuid()), **question}
        )

    def system_information(self, *, timeout: float = 5) -> SystemInformation:
        """Return who is there; the connection check."""
        answer = self._ask("SystemInformationERPQuery", timeout=timeout)
        return SystemInformation(
            system=answer["SystemID"],
            client=answer["ClientCode"],
            release=answer["ReleaseName"],
            country=answer["CountryCode"],
            currency=answer["CurrencyCode"],
            contract_model=answer["ContractModelCode"],
            device_mode=answer["DeviceModeCode"],
            at=answer["SystemDateTime"],
            numbers={
                entry["ObjectTypeCode"]: int(entry["Number"])
                for entry in answer.get("ObjectNumber") or ()
            },
        )

    def _ask(self, operation: str, *, timeout: float | None = None, **question: Any) -> Any:
        answer = self._client().call(
            operation,
            read_timeout=timeout,
            parts={"MessageHeader": self._header(new_uuid()), **question},
        )
        return serialize_object(answer, dict)

    def _client(self) -> SoapClient:
        row = self._row
        return self._lent or client_for(
            WSDL,
            SCHEMA,
            BINDING,
            Endpoint(
                url=row.url,
                username=row.username,
                password=row.password,
                connect_timeout=row.connect_timeout,
                read_timeout=row.read_timeout,
            ),
        )

    def _header(self, message_id: uuid.UUID) -> dict[str, Any]:
        return {
            "ID": message_id.hex,
            "UUID": str(message_id),
            "CreationDateTime": moment(timezone.now()),
            "SenderBusinessSystemID": self._row.system_id,
            "RecipientBusinessSystemID": self._row.partner_system_id,
        }


def findings_of(log: Mapping[str, Any] | None) -> list[Finding]:
    """Return the lines of a log."""
    return [
        Finding(
            code=item["TypeID"],
            severity=int(item["SeverityCode"]),
            field=item.get("FieldName") or "",
            text=item.get("Note") or "",
            is_retryable=bool(item.get("RetryableIndicator")),
        )
        for item in (log or {}).get("Item") or ()
    ]


def confirmed_of(found: Mapping[str, Any] | None) -> Confirmed | None:
    """Return the ERP's ids out of a ConfirmedObject."""
    if not found:
        return None
    return Confirmed(
        external_reference=found["ExternalReference"],
        erp_number=found.get("InternalID") or "",
        premise_number=found.get("PremiseID") or "",
        installation_number=found.get("InstallationID") or "",
        device_info_record_number=found.get("DeviceInfoRecordID") or "",
        move_in_number=found.get("MoveInDocumentID") or "",
        logical_device_number=found.get("LogicalDeviceNumber") or "",
    )


def step_of(found: Mapping[str, Any]) -> Step:
    """Return the state of one step."""
    return Step(
        sequence=int(found["SequenceNumber"]),
        code=found["StepCode"],
        position=int(found["StepPosition"]),
        count=int(found["StepCount"]),
        status=found["StepStatusCode"],
        at=found["At"],
        note=found.get("Note") or "",
    )
