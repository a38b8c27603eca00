"""Pages of the initial download, read as they are; zeep would take thirty times as long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from utilcrm.memory import collector_held
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
    try:
        root = etree.fromstring(envelope, _parser())
    except etree.XMLSyntaxError as exc:
        raise SoapFailure(FailureKind.UNKNOWN, _("The page is not well-formed XML.")) from exc
    with collector_held():
        return _page(root, object_type)


def _page(root: etree._Element, object_type: str) -> Page:
    answer = next(root.iter(_RESPONSE), None)
    head: dict[str, str] = {}
    objects: list[dict[str, Any]] = []
    element = NAMESPACE + ELEMENTS[object_type]
    for node in answer.iterchildren("*") if answer is not None else ():
        if node.tag == element:
            objects.append(plain(node))
        elif len(node) == 0:
            head[_NAMES[node.tag]] = node.text or ""
    if answer is None or head.get("ObjectTypeCode") != object_type:
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not the page that was asked for."))
    return Page(
        object_type=object_type,
        total=int(head.get("TotalNumber") or 0),
        next_key=head.get("NextKey", ""),
        as_of=head.get("AsOfDateTime", ""),
        objects=objects,
    )


def _parser() -> etree.XMLParser:
    # Comments and processing instructions say nothing.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class _Names(dict[Any, str]):
    """Names of elements without their namespace, each taken apart once."""

    def __missing__(self, tag: Any) -> str:
        # an entity, which is not resolved, has no tag that is a text
        name = self[tag] = str(tag).removeprefix(NAMESPACE)
        return name


_NAMES = _Names()


def plain(node: etree._Element) -> dict[str, Any]:
    """Return an object as nested dicts of texts."""
    found: dict[str, Any] = {}
    for child in node:
        name = _NAMES[child.tag]
        value: Any = plain(child) if len(child) else (child.text or "")
        if name not in _LISTS:
            found[name] = value
        elif name in found:
            found[name].append(value)
        else:
            found[name] = [value]
    return found


def places_of(found: Mapping[str, Any]) -> Iterator[str]:
    """Return the points of delivery that an object names; a device has been at several."""
    name = "PointOfDeliveryID"
    if name in found:
        yield found[name]
    yield from (place[name] for place in found.get("Placement", ()) if name in place)
