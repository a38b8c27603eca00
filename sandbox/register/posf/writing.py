"""Writes what the platform passes on to a supplier."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from sandbox.register.clients import NAME, NUMBER, Party, guid
from sandbox.register.places import Place
from sandbox.register.posf import names

Event = dict[str, Any]
TYPE = f"{{{names.INSTANCE}}}type"


def batch(events: list[Event], party: Party) -> bytes:
    """Return a batch of documents."""
    root = etree.Element("Batch", nsmap={"anre": names.NAMESPACE, "xsi": names.INSTANCE})
    _add(root, "count", len(events))
    for event in events:
        document = write(event, party)
        document.set(TYPE, f"anre:{etree.QName(document).localname}")
        document.tag = "message"
        root.append(document)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def write(event: Event, party: Party) -> etree._Element:
    """Return the document for an event."""
    return WRITERS[event["kind"]](event, party)


def receipt(message_id: str, correlation_id: str, receipt_id: str, at: str) -> bytes:
    """Return the Response that says that a message was taken."""
    root = _root("Response", {"message_id": message_id, "correlation_id": correlation_id}, at=at)
    _add(root, "responseID", receipt_id)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def places(found: list[Place]) -> bytes:
    """Return what is known of places, in a list."""
    root = etree.Element("Places")
    for place in found:
        _place(root, "Place", place)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def error(status: int, message: str, reason: str) -> bytes:
    """Return the platform's error document."""
    root = etree.Element("ApiError")
    _add(root, "status", status)
    _add(root, "message", message)
    _add(root, "error", reason)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def reasons(objections: list[dict[str, str]]) -> str:
    """Return objections as the platform writes them: a line each, its code before it."""
    return "\n".join(f"{entry['code']}: {entry['text']}" for entry in objections)


def _confirmed(event: Event, party: Party) -> etree._Element:
    root = _root("ContractNetworkChangedInfo", event)
    _contract(root, event, kind="RETEA", contract_id=event["reference"], supplier=party)
    _add(root, "info", "the place was added to the network contract")
    return root


def _answer(event: Event, party: Party) -> etree._Element:
    rejected = event["kind"] == "REJECTED"
    root = _root(
        "NotificationErrorMessage" if rejected else "NotificationPublishedByOperator", event
    )
    _contract(root, event, kind="FURNIZARE", contract_id=event["reference"], supplier=party)
    _add(root, "dueDate", event["day"])
    _add(root, "reason", names.ERROR if rejected else names.DUE)
    if rejected:
        _add(root, "reasonDesc", reasons(event["objections"]))
    _add(root, "refMessageID", event["reference"])
    return root


def _lost(event: Event, _party: Party) -> etree._Element:
    root = _root("ContractSignedBySupplier", event)
    other = Party("other", event["supplier"], "", event["supplier"])
    _contract(root, event, kind="FURNIZARE", contract_id=event["message_id"], supplier=other)
    return root


def _place_event(event: Event, _party: Party) -> etree._Element:
    kind = "PlaceDisconnectedByOperator" if event["kind"] == "CUT" else "PlaceUpdatedByOperator"
    root = _root(kind, event)
    info = {"CUT": event.get("reason"), "RESTORED": names.RECONNECTED, "MEASURED": names.INDEX}
    if said := info.get(event["kind"]):
        _add(root, "info", said)
    node = _place(root, "place", Place(**event["place"]), day=event["day"])
    for value in event.get("values") or ():
        extra = node.find("extraData")
        _index(extra if extra is not None else _add(node, "extraData"), event, value)
    return root


def _index(extra: etree._Element, event: Event, value: dict[str, str]) -> None:
    gas = event["division"] == "GAS"
    data = _add(extra, "technicalDataGas" if gas else "technicalDataElectricity")
    _add(data, "counterIndexDesc", value["unit"])
    _add(data, "counterIndexReadDate", event["day"])
    _add(data, "counterIndexValue", value["value"])
    _add(data, "counterSeries", event["serial"])
    _add(data, "number", value["code"])
    _add(data, "status", "CONECTAT")
    _add(data, "type", names.INDEX)
    if gas:
        _add(data, "category", "C_1")


def _root(kind: str, event: Event, *, at: str = "") -> etree._Element:
    root = etree.Element(f"{{{names.NAMESPACE}}}{kind}", nsmap={"anre": names.NAMESPACE})
    _add(root, "authorID", guid(NUMBER))
    _add(root, "authorName", NAME)
    _add(root, "correlationID", event["correlation_id"])
    _add(root, "messageID", event["message_id"])
    _add(root, "timestamp", at or event["created_at"])
    _add(root, "type", kind)
    if "kind" in event:
        _add(root, "posfMessageID", event["message_id"])
    return root


def _contract(
    root: etree._Element, event: Event, *, kind: str, contract_id: str, supplier: Party
) -> None:
    contract = _add(root, "contract")
    _add(contract, "contractWithOperatorNeeded", "false")
    _add(contract, "date", event["created_at"][:10])
    _add(contract, "id", contract_id)
    _add(contract, "number", event.get("contract_number") or contract_id)
    place = event.get("place")
    blank = dict.fromkeys(BLANK, "") | {"annual_kwh": 0}
    known = place or blank | {
        "external_id": event["external_id"],
        "division": event["division"],
    }
    _place(contract, "place", Place(**known))
    _add(contract, "startingDate", event["day"])
    _add(contract, "serviceType", "CONCURENTIAL")
    party = _add(contract, "supplier")
    _party(party, supplier.number, supplier.name, ("isFUI", "false"))
    _add(party, "supplierId", supplier.guid)
    _add(contract, "type", kind)


def _place(parent: etree._Element, tag: str, place: Place, *, day: str = "") -> etree._Element:
    node = _add(parent, tag)
    _address(_add(node, "address"), place)
    _add(node, "code", place.external_id)
    operator = _add(node, "operator")
    _party(operator, place.operator_code, place.operator_name)
    _add(operator, "operatorId", guid(place.operator_code))
    _add(node, "type", names.PLACE_TYPES[place.division])
    gas = place.division == "GAS"
    data = _add(node, "technicalDataGas" if gas else "technicalDataElectricity")
    item = _add(_add(data, "consumption"), "item")
    _add(item, "month", 0)
    _add(item, "value", place.annual_kwh)
    _add(data, "counterSeries", place.serial)
    _add(data, "counterType", "GAS" if gas else "ACTIVE")
    if day:
        _add(data, "date", day)
    _add(data, "status", names.STATUSES[place.state])
    _add(data, "type", "TechnicalDataGas" if gas else "TechnicalDataElectricity")
    if gas:
        _add(data, "category", "C_1")
    _add(data, "networkType", "D")
    return node


def _address(address: etree._Element, place: Place) -> None:
    city = _add(address, "city")
    _add(city, "code", place.postcode)
    _add(city, "name", place.town)
    _add(address, "country", place.country)
    _add(address, "county", "OTHER")
    if place.flat:
        _add(address, "flat", place.flat)
    _add(address, "number", place.house)
    _add(address, "postcode", place.postcode)
    _add(address, "street", place.street)


def _party(node: etree._Element, code: str, name: str, *more: tuple[str, str]) -> None:
    for tag, value in (("code", code), ("name", name), ("number", code), *more):
        _add(node, tag, value)


def _add(parent: etree._Element, tag: str, value: object = None) -> etree._Element:
    node = etree.SubElement(parent, tag)
    if value is not None:
        node.text = str(value)
    return node


BLANK = (
    "street", "house", "flat", "postcode", "town", "country", "operator_code", "operator_name",
    "grid_area", "serial",
)  # fmt: skip
WRITERS: dict[str, Callable[[Event, Party], etree._Element]] = {
    "CONFIRMED": _confirmed,
    "ACCEPTED": _answer,
    "REJECTED": _answer,
    "LOST": _lost,
    "PLACE": _place_event,
    "CUT": _place_event,
    "RESTORED": _place_event,
    "MEASURED": _place_event,
}
