"""The SOAP side: the XSD is the one that the CRM ships with the supplier's WSDL."""

import copy
import threading
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

FOLDER = Path(__file__).resolve().parents[2] / "market" / "gateway" / "suppliers" / "wsdl"
NAMESPACE = "urn:utilcrm:forecast"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"

_schemas = threading.local()


class Unreadable(Exception):
    """The request is no message of this service."""


def read(data: bytes) -> tuple[str, dict[str, Any]]:
    """
    Return the name of the message and its content.

    :raises Unreadable: when it is no SOAP envelope, or does not fit the XSD
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a DTD is not allowed")
    body = root.find(f"{{{ENVELOPE}}}Body")
    if root.tag != f"{{{ENVELOPE}}}Envelope" or body is None or len(body) != 1:
        raise Unreadable("not a SOAP 1.1 envelope with one body element")
    message = copy.deepcopy(body[0])
    schema = _schema()
    if not schema.validate(message):
        first = next((entry for entry in schema.error_log), None)  # type: ignore[attr-defined]
        raise Unreadable(f"line {first.line}: {first.message}" if first else "invalid")
    return etree.QName(message).localname, _content(message)


def forecast_of(content: dict[str, Any]) -> dict[str, Any]:
    """Return a DemandForecast as the books keep it."""
    return {
        "customer_number": content["CustomerNumber"],
        "period": content["Period"],
        "revision": int(content["Revision"]),
        "lines": [
            {
                "agreement": line["AgreementNumber"],
                "commodity": line["Commodity"],
                "customer_group": line["CustomerGroup"],
                "month": line["Month"],
                "points": int(line["PointCount"]),
                "expected_kwh": line["ExpectedQuantity"],
            }
            for line in content["Line"]
        ],
    }


def message(name: str, **content: str) -> bytes:
    """Return an envelope around a message of text elements; empty ones are left out."""
    inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in content.items() if value)
    return _envelope(f'<{name} xmlns="{NAMESPACE}">{inner}</{name}>')


def fault(code: str, text: str) -> bytes:
    """Return the envelope of a fault with the agreed detail."""
    text = "".join(one for one in text[:500] if one.isprintable())
    detail = f"<id>{escape(code)}</id><text>{escape(text)}</text>"
    return _envelope(
        f"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>{escape(text)}</faultstring>"
        f'<detail><ForecastFault xmlns="{NAMESPACE}">{detail}</ForecastFault></detail></soap:Fault>'
    )


def _schema() -> etree.XMLSchema:
    schema: etree.XMLSchema | None = getattr(_schemas, "schema", None)
    if schema is None:
        schema = _schemas.schema = etree.XMLSchema(etree.parse(FOLDER / "forecast.xsd"))
    return schema


def _content(element: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {"Line": []}
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if name == "Line":
            found["Line"].append(_content(child))
        else:
            found[name] = (child.text or "").strip()
    return found


def _envelope(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    ).encode()
