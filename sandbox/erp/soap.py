"""SOAP envelopes: reading, validating, building. The XSD is the one that the CRM ships."""

import copy
import hashlib
import json
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from lxml import etree

CONTRACT_FOLDER = Path(__file__).resolve().parents[2] / "billing_sync" / "gateway" / "wsdl"
NAMESPACE = "urn:utilcrm:erp"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"
SYSTEM_ID = "ERP"
REPEATED = frozenset({"Communication", "ContactPerson", "Service", "Price", "Register"})
"""Elements of requests that come any number of times."""

_schemas = threading.local()


class SchemaInvalid(Exception):
    """Raised when a body does not fit the XSD, or is no SOAP body at all."""


@cache
def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _schema() -> etree.XMLSchema:
    schema: etree.XMLSchema | None = getattr(_schemas, "schema", None)
    if schema is None:
        schema = _schemas.schema = etree.XMLSchema(etree.parse(CONTRACT_FOLDER / "erp.xsd"))
    return schema


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def fill(parent: etree._Element, content: dict[str, Any]) -> None:
    """Append `content` to an element, in its order. None and "" are left out."""
    for name, value in content.items():
        if value is None or value == "":
            continue
        for entry in value if isinstance(value, list) else (value,):
            child = etree.SubElement(parent, _tag(name))
            if entry.__class__ is str:
                child.text = entry
            elif isinstance(entry, dict):
                fill(child, entry)
            else:
                child.text = _text(entry)


def document(name: str, content: dict[str, Any]) -> etree._Element:
    """Return the element `name` of the contract with `content`.

    :raises SchemaInvalid: when it does not fit the XSD, which is a defect of the stand-in
    """
    root = etree.Element(_tag(name), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    fill(root, content)
    validate(root)
    return root


def validate(body: etree._Element) -> None:
    """Check a body element against the XSD.

    :raises SchemaInvalid: with line and reason of the first error
    """
    schema = _schema()
    if not schema.validate(body):
        error = next((entry for entry in schema.error_log), None)  # type: ignore[attr-defined]
        raise SchemaInvalid(f"line {error.line}: {error.message}" if error else "invalid")


def envelope(body: etree._Element) -> bytes:
    """Wrap a body element."""
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE})
    etree.SubElement(root, f"{{{ENVELOPE}}}Body").append(body)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def fault(code: str, text: str, *, severity: str = "error", client_side: bool = True) -> bytes:
    """Return the envelope of a SOAP fault with a StandardMessageFault."""
    root = etree.Element(f"{{{ENVELOPE}}}Fault", nsmap={"soap": ENVELOPE})
    etree.SubElement(root, "faultcode").text = f"soap:{'Client' if client_side else 'Server'}"
    etree.SubElement(root, "faultstring").text = text[:1000]
    detail = {"severity": severity, "text": text[:1000], "id": code}
    etree.SubElement(root, "detail").append(
        document(
            "StandardMessageFault",
            {"standard": {"faultText": text[:1000], "faultDetail": detail}},
        )
    )
    return envelope(root)


def read_body(data: bytes) -> etree._Element:
    """Return the one element in the body of an envelope, cut loose, not validated.

    :raises SchemaInvalid: when the data is not an XML SOAP envelope with one body element
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SchemaInvalid(f"not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SchemaInvalid("a DTD is not allowed")
    bodies = root.findall(f"{{{ENVELOPE}}}Body")
    if root.tag != f"{{{ENVELOPE}}}Envelope" or len(bodies) != 1 or len(bodies[0]) != 1:
        raise SchemaInvalid("not a SOAP 1.1 envelope with one body element")
    # Copied, so that line numbers of errors stay and the envelope does not.
    return copy.deepcopy(bodies[0][0])


def local_name(element: etree._Element) -> str:
    """Return the name without namespace."""
    return etree.QName(element).localname


def to_dict(element: etree._Element) -> dict[str, Any]:
    """Return the children of an element as nested dicts of text; REPEATED ones as lists."""
    found: dict[str, Any] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = local_name(child)
        value: Any = to_dict(child) if len(child) else (child.text or "")
        if name in REPEATED:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def payload_digest(body: etree._Element) -> str:
    """Return the SHA-256 of what a message says: of its header only the UUID counts."""
    content = to_dict(body)
    content["MessageHeader"] = content["MessageHeader"]["UUID"]
    canonical = json.dumps([local_name(body), content], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def header(
    client: str, *, reference_uuid: str | None = None, reference_id: str | None = None,
    uuid: str | None = None, outgoing: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Return a MessageHeader of the ERP; `uuid` is drawn when not given."""
    uuid = uuid or str(uuid4())
    return {
        "ID": uuid.replace("-", "")[:20].upper(),
        "UUID": uuid,
        "ReferenceID": reference_id,
        "ReferenceUUID": reference_uuid,
        "CreationDateTime": datetime.now(UTC),
        "SenderBusinessSystemID": f"{SYSTEM_ID}_{client}",
        "RecipientBusinessSystemID": f"CRM_{client}",
    }


def log(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a Log: failed when an item has severity 3 or 4."""
    highest = max((item["SeverityCode"] for item in items), default=None)
    failed = highest is not None and highest >= "3"
    return {
        "BusinessDocumentProcessingResultCode": "5" if failed else "3",
        "MaximumLogItemSeverityCode": highest,
        "Item": items,
    }
