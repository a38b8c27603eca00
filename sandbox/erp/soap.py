"""SOAP envelopes: reading, validating, building. The XSD is the one that the CRM ships."""

import copy
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from lxml import etree

CONTRACT_FOLDER = Path(__file__).resolve().parents[2] / "billing_sync" / "gateway" / "wsdl"
NAMESPACE = "urn:utilcrm:erp"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"
SYSTEM_ID = "ERP"
REPEATED = frozenset(
    {
        "Communication",
        "DocumentID",
        "Part",
        "ContactPerson",
        "Service",
        "Price",
        "Register",
        "ObjectKey",
        "Result",
        "RegisterReading",
    }
)
"""Elements of requests that come any number of times."""

_schemas = threading.local()


class SchemaInvalid(Exception):
    """Raised when a body does not fit the XSD, or is no SOAP body at all."""


def _schema() -> etree.XMLSchema:
    schema: etree.XMLSchema | None = getattr(_schemas, "schema", None)
    if schema is None:
        schema = _schemas.schema = etree.XMLSchema(etree.parse(CONTRACT_FOLDER / "erp.xsd"))
    return schema


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_TEXT_OF: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: _instant,
    Decimal: "{:f}".format,
}


def _write(parts: list[str], content: dict[str, Any]) -> None:
    """Append `content` as XML, in its order. None and "" are left out.

    Text, not a tree: pages of the book have hundreds of thousands of elements.
    """
    for name, value in content.items():
        if value is None or value == "":
            continue
        for entry in value if value.__class__ is list else (value,):
            if entry.__class__ is dict:
                parts.append(f"<{name}>")
                _write(parts, entry)
                parts.append(f"</{name}>")
            else:
                text = _TEXT_OF[entry.__class__](entry)
                if "&" in text or "<" in text or ">" in text:
                    text = escape(text)
                parts.append(f"<{name}>{text}</{name}>")


def message(name: str, content: dict[str, Any]) -> bytes:
    """Return the envelope around the element `name` of the contract with `content`.

    :raises SchemaInvalid: when it does not fit the XSD, which is a defect of the stand-in
    """
    parts = [f'<{name} xmlns="{NAMESPACE}">']
    _write(parts, content)
    parts.append(f"</{name}>")
    data = _envelope("".join(parts))
    validate(read_body(data, loose=False))
    return data


def validate(body: etree._Element) -> None:
    """Check a body element against the XSD.

    :raises SchemaInvalid: with line and reason of the first error
    """
    schema = _schema()
    if not schema.validate(body):
        error = next((entry for entry in schema.error_log), None)  # type: ignore[attr-defined]
        raise SchemaInvalid(f"line {error.line}: {error.message}" if error else "invalid")


def _envelope(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    ).encode()


def fault(code: str, text: str, *, client_side: bool = True) -> bytes:
    """Return the envelope of a SOAP fault with a StandardMessageFault."""
    # A parser's complaint may quote characters that XML cannot carry.
    text = "".join(character for character in text[:1000] if character.isprintable())
    detail = {"severity": "error", "text": text, "id": code}
    parts = [
        (
            f"<soap:Fault><faultcode>soap:{'Client' if client_side else 'Server'}</faultcode>"
            f"<faultstring>{escape(text)}</faultstring>"
            f'<detail><StandardMessageFault xmlns="{NAMESPACE}">'
        )
    ]
    _write(parts, {"standard": {"faultText": text, "faultDetail": detail}})
    parts.append("</StandardMessageFault></detail></soap:Fault>")
    return _envelope("".join(parts))


def read_body(data: bytes, *, loose: bool = True) -> etree._Element:
    """Return the one element in the body of an envelope, not validated; a copy if `loose`.

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
    return copy.deepcopy(bodies[0][0]) if loose else bodies[0][0]


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
