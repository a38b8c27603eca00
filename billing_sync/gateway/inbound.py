"""What the ERP sends: taken apart without trusting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime
from lxml import etree

from billing_sync.gateway.client import (
    Confirmed,
    Finding,
    Step,
    confirmed_of,
    findings_of,
    step_of,
)
from utilcrm.soap import is_utf8

_NAMESPACE = "urn:utilcrm:erp"
_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_SCHEMA = Path(__file__).parent / "wsdl" / "erp.xsd"
NOTIFICATION = "UtilitiesContractERPProcessingStatusNotification"
_ACCEPTED = frozenset(
    {
        "BusinessPartnerERPCreateConfirmation",
        "BusinessPartnerERPChangeConfirmation",
        "ContractAccountERPCreateConfirmation",
        "ContractAccountERPChangeConfirmation",
        "ConnectionObjectERPCreateConfirmation",
        "PointOfDeliveryERPCreateConfirmation",
        "UtilitiesContractERPCreateConfirmation",
        "DeviceOrderERPCreateConfirmation",
        "MeterReadingDocumentERPCreateConfirmation",
        "BudgetBillingPlanERPChangeConfirmation",
        "PaymentArrangementERPCreateConfirmation",
        "UtilitiesContractERPChangeConfirmation",
        NOTIFICATION,
    }
)
_loaded: dict[str, etree.XMLSchema] = {}


class InboundInvalid(Exception):
    """The message is not what was agreed; ``code`` as in the faults of the contract."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Inbound:
    """A confirmation, or a notification on one step of a contract's set-up."""

    name: str
    message_id: str
    reference_uuid: str
    # the message without its header, by which a repetition is recognised
    content: bytes
    is_success: bool
    confirmed: Confirmed | None
    findings: list[Finding] = field(default_factory=list)
    step: Step | None = None
    overall: str = ""

    @property
    def is_notification(self) -> bool:
        """Whether it tells of a step and not of a message of ours."""
        return self.name == NOTIFICATION


def read(payload: bytes) -> Inbound:
    """
    Take a SOAP envelope apart and check it against the schema.

    :raises InboundInvalid: SCHEMA_INVALID or UNKNOWN_OPERATION
    """
    body = _body(payload)
    name = etree.QName(body).localname
    if etree.QName(body).namespace != _NAMESPACE or name not in _ACCEPTED:
        raise InboundInvalid("UNKNOWN_OPERATION", f"{body.tag} is not offered here.")
    schema = _schema()
    if not schema.validate(body):
        error = schema.error_log[0]  # type: ignore[index]
        raise InboundInvalid("SCHEMA_INVALID", f"Line {error.line}: {error.message}")
    found = _plain(body)
    header = found["MessageHeader"]
    log = found["Log"]
    step = dict(found["Step"]) if "Step" in found else None
    if step is not None:
        step["At"] = parse_datetime(step["At"])
    return Inbound(
        name=name,
        message_id=header["UUID"],
        reference_uuid=header.get("ReferenceUUID", ""),
        content=b"".join(etree.tostring(child, method="c14n") for child in list(body)[1:]),
        is_success=log["BusinessDocumentProcessingResultCode"] == "3",
        confirmed=confirmed_of(found.get("ConfirmedObject") or found.get("UtilitiesContract")),
        findings=findings_of(log),
        step=step_of(step) if step is not None else None,
        overall=found.get("OverallStatusCode", ""),
    )


def _body(payload: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    if not is_utf8(payload):
        raise InboundInvalid("SCHEMA_INVALID", "Only UTF-8 is accepted.")
    try:
        root = etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise InboundInvalid("SCHEMA_INVALID", f"Not well-formed XML: {exc}") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise InboundInvalid("SCHEMA_INVALID", "A document type declaration is not accepted.")
    body = root.find(f"{_ENVELOPE}Body") if root.tag == f"{_ENVELOPE}Envelope" else None
    if body is None or len(body) != 1 or not isinstance(body[0].tag, str):
        raise InboundInvalid("SCHEMA_INVALID", "Not a SOAP 1.1 envelope with one message.")
    # on its own, so that line numbers and the schema are about the message
    copy: etree._Element = etree.fromstring(etree.tostring(body[0]), parser)
    return copy


def _schema() -> etree.XMLSchema:
    if "erp" not in _loaded:
        _loaded["erp"] = etree.XMLSchema(etree.parse(_SCHEMA))
    return _loaded["erp"]


def _plain(node: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in node.iterchildren("*"):
        name = etree.QName(child).localname
        value: Any = _plain(child) if len(child) else (child.text or "")
        if name == "Item":
            value["RetryableIndicator"] = value.get("RetryableIndicator") in {"true", "1"}
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def fault(code: str, text: str) -> bytes:
    """Return a SOAP fault with the detail that was agreed."""
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap})
    node = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Body"), f"{{{soap}}}Fault")
    etree.SubElement(node, "faultcode").text = (
        "soap:Server" if code == "TEMPORARY_ERROR" else "soap:Client"
    )
    etree.SubElement(node, "faultstring").text = text
    detail = etree.SubElement(node, "detail")
    message = etree.SubElement(
        detail,
        f"{{{_NAMESPACE}}}StandardMessageFault",
        nsmap={None: _NAMESPACE},  # type: ignore[dict-item]
    )
    standard = etree.SubElement(message, f"{{{_NAMESPACE}}}standard")
    etree.SubElement(standard, f"{{{_NAMESPACE}}}faultText").text = text[:1000]
    line = etree.SubElement(standard, f"{{{_NAMESPACE}}}faultDetail")
    etree.SubElement(line, f"{{{_NAMESPACE}}}text").text = text[:1000]
    etree.SubElement(line, f"{{{_NAMESPACE}}}id").text = code
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
