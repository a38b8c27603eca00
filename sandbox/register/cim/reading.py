"""Reads the documents that a supplier posts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from lxml import etree

from sandbox.register.cim import names
from sandbox.register.clients import Party
from sandbox.register.told import (
    CLAIM,
    CUT,
    END,
    METER,
    NOTICE,
    NOTICE_BACK,
    READING,
    RESTORED,
    WITHDRAWAL,
    Refused,
    Told,
)

CASE = "businessProcessReference_MktActivityRecord.mRID"
ORIGINAL = "originalTransactionIDReference_MktActivityRecord.mRID"
CUSTOMER = "marketEvaluationPoint.customer_MarketParticipant"


def read(body: bytes, party: Party, address: str) -> Told:
    """
    Return what a document says that was posted to an address.

    Raises Refused when it is not one of the hub's, or not at its address.
    """
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise Refused("MALFORMED", str(error)) from None
    if b"<!DOCTYPE" in body:
        raise Refused("MALFORMED", "a document type is not allowed")
    base = etree.QName(root).localname.removesuffix("_MarketDocument")
    reader = READERS.get(base)
    if reader is None or base.lower() != address:
        raise Refused("SCHEMA_INVALID", f"{base} does not belong here")
    if not names.schema(base).validate(root):
        raise Refused("SCHEMA_INVALID", str(names.schema(base).error_log.last_error))  # type: ignore[attr-defined]
    if _text(root, "sender_MarketParticipant.mRID") != party.number:
        raise Refused("AUTHOR_MISMATCH", "the sender is another party", status=400)
    if base == "NotifyValidatedMeasureData":
        return _measured(root)
    records = root.findall("{*}MktActivityRecord")
    if len(records) != 1:
        raise Refused("SCHEMA_INVALID", "one transaction a document")
    return Told(
        message_id=_text(root, "mRID").lower(),
        transaction=_text(records[0], "mRID"),
        correlation_id=_text(records[0], CASE),
        division="ELECTRICITY",
        **reader(records[0], _text(root, "process.processType"), _text(root, "type")),
    )


def _claim(record: etree._Element, process: str, _kind: str) -> dict[str, Any]:
    return {
        "kind": CLAIM,
        "external_id": _text(record, "marketEvaluationPoint.mRID"),
        "day": _day(record, "start_DateAndOrTime.dateTime"),
        "reason": names.REASONS.get(process, process),
        "customer": _text(record, f"{CUSTOMER}.mRID") or _text(record, f"{CUSTOMER}.name"),
        "initial": process == "E0G",
    }


def _withdrawal(record: etree._Element, _process: str, _kind: str) -> dict[str, Any]:
    return {
        "kind": WITHDRAWAL,
        "external_id": _text(record, "marketEvaluationPoint.mRID"),
        "day": date.min,
        "reference": _text(record, ORIGINAL).lower(),
    }


def _end(record: etree._Element, process: str, _kind: str) -> dict[str, Any]:
    return {
        "kind": END,
        "external_id": _text(record, "marketEvaluationPoint.mRID"),
        "day": _day(record, "end_DateAndOrTime.dateTime"),
        "reason": process,
    }


def _notice(record: etree._Element, process: str, kind: str) -> dict[str, Any]:
    return {
        "kind": NOTICE_BACK if kind == "E78" else NOTICE,
        "external_id": _text(record, "marketEvaluationPoint.mRID"),
        "day": _day(record, "validityStart_DateAndOrTime.dateTime"),
        "reason": process,
        "reference": _text(record, ORIGINAL).lower(),
    }


def _changed(record: etree._Element, process: str, _kind: str) -> dict[str, Any]:
    state = _text(record, "MarketEvaluationPoint/connectionState")
    kind = METER if process != "E79" else CUT if state == "E23" else RESTORED
    lines = _text(record, "MarketEvaluationPoint/description").splitlines()
    shown = [line.split(" ") for line in lines if kind == METER]
    columns = ("kind", "serial", "code", "value", "unit")
    return {
        "kind": kind,
        "external_id": _text(record, "MarketEvaluationPoint/mRID"),
        "day": _day(record, "validityStart_DateAndOrTime.dateTime"),
        "serial": _text(record, "MarketEvaluationPoint/meter.mRID"),
        "values": [dict(zip(columns, line, strict=False)) for line in shown],
    }


def _measured(root: etree._Element) -> Told:
    found = root.findall("{*}Series")
    if not found:
        raise Refused("SCHEMA_INVALID", "no series")
    units = {name: unit for unit, name in names.UNITS.items()}
    values = []
    for series in found:
        case, _slash, rest = _text(series, "mRID").partition("/")
        serial, _slash, code = rest.rpartition("/")
        unit = _text(series, "quantity_Measure_Unit.name")
        value = _text(series, "Period/Point/quantity")
        row = {"kind": "INDEX", "code": code, "value": value, "serial": serial}
        values.append({**row, "unit": units.get(unit, unit)})
    return Told(
        kind=READING,
        message_id=_text(root, "mRID").lower(),
        transaction=_text(root, "mRID"),
        correlation_id=case,
        external_id=_text(found[0], "marketEvaluationPoint.mRID"),
        division="ELECTRICITY",
        day=_day(found[0], "registration_DateAndOrTime.dateTime"),
        values=values,
    )


def _text(node: etree._Element, path: str) -> str:
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return (node.findtext(steps) or "").strip()


def _day(node: etree._Element, path: str) -> date:
    return names.day_of(_text(node, path))


READERS: dict[str, Callable[[etree._Element, str, str], dict[str, Any]]] = {
    "RequestChangeOfSupplier": _claim,
    "RequestCancelChangeOfSupplier": _withdrawal,
    "RequestEndOfSupply": _end,
    "GenericNotification": _notice,
    "RequestChangeAccountingPointCharacteristics": _changed,
    "NotifyValidatedMeasureData": _claim,
}
"""By document; series of values are read as a whole."""
