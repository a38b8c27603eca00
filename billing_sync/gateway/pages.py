"""Pages of the initial download, read from XML as it streams; zeep would take ten times as long."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from utilcrm.soap import FailureKind, SoapFailure

NAMESPACE = "{urn:utilcrm:erp}"
_RESPONSE = f"{NAMESPACE}ReplicationObjectERPByKeyResponse"

# type code → element, and the elements in it that may come more than once
ELEMENTS: dict[str, str] = {
    "BUSINESS_PARTNER": "BusinessPartner",
    "CONTRACT_ACCOUNT": "ContractAccount",
    "CONNECTION_OBJECT": "ConnectionObject",
    "PREMISE": "Premise",
    "POINT_OF_DELIVERY": "PointOfDelivery",
    "DEVICE_INFO_RECORD": "DeviceInfoRecord",
    "INSTALLATION": "Installation",
    "DEVICE": "Device",
    "CONTRACT": "UtilitiesContract",
    "FINANCIAL": "Financial",
}
_LISTS = frozenset(
    {
        "Communication",
        "ContactPerson",
        "Service",
        "Register",
        "Placement",
        "FormerReading",
        "OpenItem",
        "Invoice",
        "DunningNotice",
    }
)
_KEYS: dict[str, str] = {
    "BUSINESS_PARTNER": "BusinessPartnerID",
    "CONTRACT_ACCOUNT": "ContractAccountID",
    "CONNECTION_OBJECT": "ConnectionObjectID",
    "PREMISE": "PremiseID",
    "POINT_OF_DELIVERY": "PointOfDeliveryID",
    "DEVICE_INFO_RECORD": "DeviceInfoRecordID",
    "INSTALLATION": "InstallationID",
    "DEVICE": "DeviceID",
    "CONTRACT": "UtilitiesContractID",
    "FINANCIAL": "ContractAccountID",
}


@dataclass(frozen=True)
class Page:
    """Objects of one type as nested dicts of texts, and where the next page begins."""

    object_type: str
    total: int
    next_key: str
    as_of: str
    objects: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_last(self) -> bool:
        """Whether nothing follows."""
        return self.next_key == ""


def key_of(object_type: str, found: dict[str, Any]) -> str:
    """Return the ERP's key of an object."""
    key: str = found[_KEYS[object_type]]
    return key


def read_page(envelope: bytes, *, object_type: str) -> Page:
    """
    Read the answer to a page request.

    :raises SoapFailure: of kind UNKNOWN if it is not what was agreed; nothing is lost by asking
        again
    """
    head: dict[str, str] = {}
    objects: list[dict[str, Any]] = []
    element = NAMESPACE + ELEMENTS[object_type]
    is_answer = False
    try:
        for _event, node in etree.iterparse(
            BytesIO(envelope),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            parent = node.getparent()
            if node.tag == _RESPONSE:
                is_answer = True
            elif parent is not None and parent.tag == _RESPONSE:
                if node.tag == element:
                    objects.append(plain(node))
                    # what has been read is let go of, or memory grows with the page
                    node.clear()
                elif len(node) == 0:
                    head[node.tag.removeprefix(NAMESPACE)] = node.text or ""
    except etree.XMLSyntaxError as exc:
        raise SoapFailure(FailureKind.UNKNOWN, _("The page is not well-formed XML.")) from exc
    if not is_answer or head.get("ObjectTypeCode") != object_type:
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not the page that was asked for."))
    return Page(
        object_type=object_type,
        total=int(head.get("TotalNumber") or 0),
        next_key=head.get("NextKey", ""),
        as_of=head.get("AsOfDateTime", ""),
        objects=objects,
    )


def plain(node: etree._Element) -> dict[str, Any]:
    """Return an object as nested dicts of texts."""
    found: dict[str, Any] = {}
    # elements only: comments and processing instructions say nothing
    for child in node.iterchildren("*"):
        name = child.tag.removeprefix(NAMESPACE)
        value: Any = plain(child) if len(child) else (child.text or "")
        if name in _LISTS:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
