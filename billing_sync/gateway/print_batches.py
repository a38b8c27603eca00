"""
Batches of the print company: taken apart without trusting them, and answered.

No text that leaves this module says what stood in a line: a token would stand in an answer, or in
a log.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

MOST_LINES = 10_000
_NAMESPACE = "urn:utilcrm:print"
_N = f"{{{_NAMESPACE}}}"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_S = f"{{{_SOAP}}}"
_REQUEST = f"{_N}InvoiceTokenDeliveryRequest"
_SCHEMA = Path(__file__).parent / "wsdl" / "print.xsd"
_loaded: dict[str, etree.XMLSchema] = {}


class BatchInvalid(Exception):
    """The message is not what was agreed; nothing of it was taken."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Line(NamedTuple):
    """One invoice and its token."""

    number: str
    token: str
    is_replacement: bool


@dataclass(frozen=True)
class Batch:
    """One message; `month` is the first day of the invoicing run's month."""

    message_id: uuid.UUID
    month: dt.date
    lines: list[Line] = field(repr=False)

    @property
    def content(self) -> bytes:
        """What the message says, without its header; for its fingerprint alone."""
        lines = (f"{one.number} {one.token} {one.is_replacement:d}" for one in self.lines)
        return "\n".join([self.month.isoformat(), *lines]).encode()


def read_batch(payload: bytes) -> Batch:
    """
    Take a SOAP envelope apart and check it against the schema.

    :raises BatchInvalid: SCHEMA_INVALID, UNKNOWN_OPERATION or COUNT_MISMATCH
    """
    body = _body(payload)
    if body.tag != _REQUEST:
        raise BatchInvalid("UNKNOWN_OPERATION", "This operation is not offered here.")
    schema = _schema()
    if not schema.validate(body):
        error = schema.error_log[0]  # type: ignore[index]
        name = (error.path or "").rpartition("/")[2].rpartition(":")[2]
        raise BatchInvalid(
            "SCHEMA_INVALID", f"Line {error.line}: {name} is not as the schema has it."
        )
    header = body[0]
    # what is no element was seen by the schema as nothing
    lines = [_line(node) for node in body.iterchildren(f"{_N}Invoice")]
    announced = int(header.findtext(f"{_N}InvoiceNumber") or 0)
    if announced != len(lines):
        raise BatchInvalid(
            "COUNT_MISMATCH",
            f"The header announces {announced} invoices, the message holds {len(lines)}.",
        )
    return Batch(
        message_id=uuid.UUID(header.findtext(f"{_N}UUID")),
        month=_month(body.findtext(f"{_N}Month") or ""),
        lines=lines,
    )


def _body(payload: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as exc:
        line = getattr(exc, "lineno", None) or 1
        raise BatchInvalid("SCHEMA_INVALID", f"Line {line}: not well-formed XML.") from None
    about = root.getroottree().docinfo
    if about.internalDTD is not None:
        raise BatchInvalid("SCHEMA_INVALID", "A document type declaration is not accepted.")
    if (about.encoding or "utf-8").lower() not in {"utf-8", "us-ascii", "ascii"}:
        raise BatchInvalid("SCHEMA_INVALID", "UTF-8 is expected.")
    body = root.find(f"{_S}Body") if root.tag == f"{_S}Envelope" else None
    if body is None or len(body) != 1 or not isinstance(body[0].tag, str):
        raise BatchInvalid("SCHEMA_INVALID", "Not a SOAP 1.1 envelope with one message.")
    return body[0]


def _schema() -> etree.XMLSchema:
    if "print" not in _loaded:
        _loaded["print"] = etree.XMLSchema(etree.parse(_SCHEMA))
    return _loaded["print"]


def _line(node: etree._Element) -> Line:
    number, token = node[0].text or "", node[1].text or ""
    flag = (node[2].text or "").strip() if len(node) > 2 else ""
    return Line(number, token, flag in {"true", "1"})


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BatchInvalid("SCHEMA_INVALID", "Month is not as the schema has it.") from None


def confirmation(
    *, message_id: uuid.UUID, month: dt.date, counts: Mapping[str, int], rejects: Iterable[Any]
) -> bytes:
    """Return the receipt: what was taken, and each line that was not with a code."""
    content: list[tuple[str, str]] = [
        ("ReferenceUUID", str(message_id)),
        ("Month", f"{month:%Y-%m}"),
        ("InvoiceNumber", str(counts["count"])),
        ("TakenNumber", str(counts["taken"])),
        ("KnownNumber", str(counts["known"])),
        ("RejectedNumber", str(counts["rejected"])),
    ]
    envelope, body = _envelope()
    message = etree.SubElement(
        body,
        f"{_N}InvoiceTokenDeliveryConfirmation",
        nsmap={None: _NAMESPACE},  # type: ignore[dict-item]
    )
    for name, value in content:
        etree.SubElement(message, _N + name).text = value
    for number, code in rejects:
        reject = etree.SubElement(message, f"{_N}Reject")
        etree.SubElement(reject, f"{_N}InvoiceID").text = number
        etree.SubElement(reject, f"{_N}ReasonCode").text = code
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def batch_fault(code: str, text: str) -> bytes:
    """Return a SOAP fault with the detail that was agreed."""
    envelope, body = _envelope()
    node = etree.SubElement(body, f"{_S}Fault")
    is_ours = code == "TEMPORARY_ERROR"
    etree.SubElement(node, "faultcode").text = "soap:Server" if is_ours else "soap:Client"
    etree.SubElement(node, "faultstring").text = text
    message = etree.SubElement(
        etree.SubElement(node, "detail"),
        f"{_N}StandardMessageFault",
        nsmap={None: _NAMESPACE},  # type: ignore[dict-item]
    )
    standard = etree.SubElement(message, f"{_N}standard")
    etree.SubElement(standard, f"{_N}faultText").text = text
    line = etree.SubElement(standard, f"{_N}faultDetail")
    etree.SubElement(line, f"{_N}text").text = text
    etree.SubElement(line, f"{_N}id").text = code
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{_S}Envelope", nsmap={"soap": _SOAP})
    return envelope, etree.SubElement(envelope, f"{_S}Body")
