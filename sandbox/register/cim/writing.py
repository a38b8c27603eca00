"""Writes what the hub tells a supplier."""

from typing import Any

from lxml import etree

from sandbox.register.cim import names
from sandbox.register.clients import NUMBER, Party
from sandbox.register.places import OURS, Place

Event = dict[str, Any]
ANSWERED = {
    "CLAIM": "RequestChangeOfSupplier",
    "WITHDRAWAL": "RequestCancelChangeOfSupplier",
    "END": "RequestEndOfSupply",
    "NOTICE": "GenericNotification",
    "NOTICE_BACK": "GenericNotification",
    "CUT": "RequestChangeAccountingPointCharacteristics",
    "RESTORED": "RequestChangeAccountingPointCharacteristics",
    "METER": "RequestChangeAccountingPointCharacteristics",
    "READING": "NotifyValidatedMeasureData",
}
KINDS = {"CLAIM": "414", "WITHDRAWAL": "E68", "END": "414", "READING": "294"}


class Document:
    """One document in the making."""

    def __init__(self, base: str, event: Event, party: Party, *, kind: str, process: str) -> None:
        self._space = names.namespace(base)
        self.root = etree.Element(
            f"{{{self._space}}}{base}_MarketDocument", nsmap={"cim": self._space}
        )
        self.add(self.root, "mRID", event["message_id"])
        self.add(self.root, "type", kind)
        self.add(self.root, "process.processType", process)
        self.add(self.root, "businessSector.type", "23")
        for name, number, role in (("sender", NUMBER, "DDZ"), ("receiver", party.number, "DDQ")):
            self.coded(self.root, f"{name}_MarketParticipant.mRID", number)
            self.add(self.root, f"{name}_MarketParticipant.marketRole.type", role)
        created = event["created_at"].replace("+00:00", "Z")
        self.add(self.root, "createdDateTime", created)

    def add(self, parent: etree._Element, tag: str, value: object = None) -> etree._Element:
        """Append an element."""
        node = etree.SubElement(parent, f"{{{self._space}}}{tag}")
        if value is not None:
            node.text = str(value)
        return node

    def coded(self, parent: etree._Element, tag: str, value: str, scheme: str = "A10") -> None:
        """Append an element with a coding scheme."""
        self.add(parent, tag, value).set("codingScheme", scheme)

    def record(self, event: Event, number: int = 0) -> etree._Element:
        """Begin a transaction."""
        record = self.add(self.root, "MktActivityRecord")
        self.add(record, "mRID", event["message_id"] if not number else f"{number}")
        self.add(record, "businessProcessReference_MktActivityRecord.mRID", event["correlation_id"])
        if event.get("transaction"):
            tag = "originalTransactionIDReference_MktActivityRecord.mRID"
            self.add(record, tag, event["transaction"])
        return record


def write(event: Event, party: Party) -> bytes:
    """Return the document for an event."""
    if event["kind"] in {"CONFIRMED", "ACCEPTED", "REJECTED"}:
        document = _answer(event, party)
    elif event["kind"] == "LOST":
        document = _lost(event, party)
    elif event["kind"] == "MEASURED":
        document = _measured(event, party)
    else:
        document = _characteristics(event, party)
    return _bytes(document)


def master_data(found: list[Place], event: Event, party: Party, supplier: str) -> bytes:
    """Return the characteristics of places as the answer to a question."""
    document = Document("AccountingPointCharacteristics", event, party, kind="E07", process="E0G")
    for number, place in enumerate(found, start=1):
        record = document.record(event, number)
        document.add(record, "validityStart_DateAndOrTime.dateTime", names.begin_of(event["day"]))
        _point(document, record, place, supplier=party.number if supplier == OURS else "")
    return _bytes(document)


def error(code: str, message: str, target: str = "") -> bytes:
    """Return the hub's error document."""
    root = etree.Element("Error")
    for tag, value in (("Code", code), ("Message", message), ("Target", target)):
        etree.SubElement(root, tag).text = value
    return etree.tostring(root)


def _answer(event: Event, party: Party) -> Document:
    rejected = event["kind"] == "REJECTED"
    base = f"{'Reject' if rejected else 'Confirm'}{ANSWERED[event['answers']]}"
    kind = KINDS.get(event["answers"], "E59")
    document = Document(base, event, party, kind=kind, process="E03")
    document.add(document.root, "reason.code", "A02" if rejected else "A01")
    record = document.record(event)
    document.coded(record, "marketEvaluationPoint.mRID", event["external_id"])
    for objection in event["objections"]:
        reason = document.add(record, "Reason")
        document.add(reason, "code", names.CODES[objection["code"]])
        document.add(reason, "text", objection["text"])
    return document


def _lost(event: Event, party: Party) -> Document:
    document = Document("GenericNotification", event, party, kind="E44", process="E03")
    record = document.record(event)
    document.add(record, "validityStart_DateAndOrTime.dateTime", names.begin_of(event["day"]))
    document.coded(record, "marketEvaluationPoint.mRID", event["external_id"])
    return document


def _characteristics(event: Event, party: Party) -> Document:
    process = "E32" if event["kind"] == "PLACE" else "E79"
    document = Document("AccountingPointCharacteristics", event, party, kind="E07", process=process)
    record = document.record(event)
    document.add(record, "validityStart_DateAndOrTime.dateTime", names.begin_of(event["day"]))
    _point(document, record, Place(**event["place"]), remark=str(event.get("reason") or ""))
    return document


def _point(
    document: Document,
    record: etree._Element,
    place: Place,
    *,
    supplier: str = "",
    remark: str = "",
) -> None:
    point = document.add(record, "MarketEvaluationPoint")
    document.coded(point, "mRID", place.external_id)
    tag = "meteringPointResponsible_MarketParticipant.mRID"
    document.coded(point, tag, place.operator_code)
    document.add(point, "type", "E17")
    document.add(point, "connectionState", names.STATES[place.state])
    document.coded(point, "meteringGridArea_Domain.mRID", place.grid_area, "NDK")
    document.add(point, "meter.mRID", place.serial)
    series = document.add(point, "Series")
    document.add(series, "estimatedAnnualVolume_Quantity.quantity", place.annual_kwh)
    document.add(series, "quantity_Measure_Unit.name", "KWH")
    if supplier:
        document.coded(point, "energySupplier_MarketParticipant.mRID", supplier)
    if remark:
        document.add(point, "description", remark)
    address = document.add(point, "usagePointLocation.mainAddress")
    street = document.add(address, "streetDetail")
    document.add(street, "name", place.street)
    document.add(street, "number", place.house)
    if place.flat:
        document.add(street, "suiteNumber", place.flat)
    town = document.add(address, "townDetail")
    document.add(town, "name", place.town)
    document.add(town, "country", place.country)
    document.add(address, "postalCode", place.postcode)


def _measured(event: Event, party: Party) -> Document:
    base = "NotifyValidatedMeasureData"
    document = Document(base, event, party, kind="E66", process="D19")
    moment = names.begin_of(event["day"])
    for value in event["values"]:
        series = document.add(document.root, "Series")
        said = f"{event['correlation_id']}/{event['serial']}/{value['code']}"
        document.add(series, "mRID", said)
        document.coded(series, "marketEvaluationPoint.mRID", event["external_id"])
        document.add(series, "marketEvaluationPoint.type", "E17")
        document.add(series, "registration_DateAndOrTime.dateTime", moment)
        document.add(series, "quantity_Measure_Unit.name", names.UNITS[value["unit"]])
        period = document.add(series, "Period")
        document.add(period, "resolution", "P1D")
        interval = document.add(period, "timeInterval")
        for tag in ("start", "end"):
            document.add(interval, tag, f"{moment[:16]}Z")
        point = document.add(period, "Point")
        document.add(point, "position", 1)
        document.add(point, "quantity", value["value"])
        document.add(point, "quality", "A04")
    return document


def _bytes(document: Document) -> bytes:
    return etree.tostring(document.root, xml_declaration=True, encoding="utf-8")
